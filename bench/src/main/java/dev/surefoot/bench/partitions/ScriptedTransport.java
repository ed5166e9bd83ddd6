package dev.surefoot.bench.partitions;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.records.Lease;
import dev.surefoot.net.Transport;
import dev.surefoot.wire.EncodedRequest;
import dev.surefoot.wire.FetchSettings;
import dev.surefoot.wire.NegotiatedVersions;
import dev.surefoot.wire.RequestEncoder;
import dev.surefoot.wire.ResponseDecoder;
import dev.surefoot.wire.ResponseDecoder.Negotiation;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A transport to a {@link ScriptedBroker} without a network: the shipped codec turns requests into bytes and
 * bytes into answers. The work of the loop up to the bytes of a request counts as planning, the work from the
 * bytes of a response on as handling.
 */
final class ScriptedTransport implements Transport {
    private static final String BROKER = "the scripted broker";
    private static final int REQUEST_TIMEOUT_MS = 30_000;

    private record InFlight(Request<?> request, EncodedRequest encoded) {}

    private final ScriptedBroker broker;
    private final Meter planning;
    private final Meter handling;
    private final RequestEncoder encoder;
    private final NegotiatedVersions versions;
    private final Readiness ready;
    private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
    private int correlationId;
    private int fetchRequestBytes;
    private int fetchResponseBytes;
    private long forgotten;
    private int holds;

    ScriptedTransport(ScriptedBroker broker, FetchSettings settings, Meter planning, Meter handling) {
        this.broker = broker;
        this.planning = planning;
        this.handling = handling;
        this.encoder = new RequestEncoder("bench", settings, REQUEST_TIMEOUT_MS);
        this.versions = negotiate();
        this.ready = new Readiness.Ready(versions.topicIds(), versions.sessions());
    }

    private NegotiatedVersions negotiate() {
        EncodedRequest question = encoder.encodeApiVersions(ApiKeys.API_VERSIONS.latestVersion(false), ++correlationId);
        Negotiation answer = ResponseDecoder.decodeApiVersions(question, answerTo(question), BROKER);
        if (answer instanceof Negotiation.Agreed agreed) {
            return agreed.versions();
        }
        throw new IllegalStateException("the script does not agree on versions: " + answer);
    }

    private ByteBuffer answerTo(EncodedRequest encoded) {
        return broker.answer(encoded.frame().position(Integer.BYTES));
    }

    @Override
    public List<Integer> bootstrapIds() {
        return List.of(-1);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
        return ready;
    }

    @Override
    public boolean send(Request<?> request, long nowNanos) {
        EncodedRequest encoded = encoder.encode(request, versions, ++correlationId);
        inFlight.add(new InFlight(request, encoded));
        if (request instanceof FetchRequest fetch) {
            forgotten += fetch.plan().forgotten().size();
            fetchRequestBytes = encoded.bytes();
        }
        return true;
    }

    @Override
    public void brokers(Collection<Node> brokers) {}

    /** Answers everything that is in flight; planning ends and handling begins here. */
    @Override
    public void poll(long timeoutNanos, Outcomes outcomes) {
        planning.stop();
        if (inFlight.isEmpty()) {
            handling.start();
        }
        boolean first = true;
        for (InFlight next = inFlight.poll(); next != null; next = inFlight.poll()) {
            if (!first) {
                handling.stop();
            }
            first = false;
            if (next.request() instanceof FetchRequest && holds != 0) {
                throw new IllegalStateException("a response is still held while the next one comes: " + holds);
            }
            ByteBuffer frame = answerTo(next.encoded());
            handling.start();
            outcomes.answered(next.request(), decode(next, frame));
        }
    }

    private Answer decode(InFlight of, ByteBuffer frame) {
        Answer answer = ResponseDecoder.decode(of.request(), of.encoded(), frame, new CountedLease(), BROKER);
        if (answer instanceof FetchResponse fetch) {
            fetchResponseBytes = fetch.responseBytes();
            holds++;
        }
        return answer;
    }

    /** Returns how many partitions all requests together have removed from the session. */
    long forgotten() {
        return forgotten;
    }

    int fetchRequestBytes() {
        return fetchRequestBytes;
    }

    int fetchResponseBytes() {
        return fetchResponseBytes;
    }

    @Override
    public long nextDeadlineNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public long capacityBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public long heldBytes() {
        return 0;
    }

    @Override
    public void wakeup() {}

    @Override
    public void close() {}

    /** A lease that counts its holds, to show that all are released. Used by one thread. */
    private final class CountedLease implements Lease {
        @Override
        public void retain() {
            holds++;
        }

        @Override
        public void release() {
            holds--;
        }

        @Override
        public boolean held() {
            return holds > 0;
        }

        @Override
        public int bytes() {
            return 0;
        }
    }
}
