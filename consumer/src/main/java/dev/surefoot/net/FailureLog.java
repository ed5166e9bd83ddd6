package dev.surefoot.net;

import dev.surefoot.core.exchange.RequestFailure;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;

/**
 * Warns of failures that need action, and does not repeat a warning: retries happen many times a second. Owned by the
 * loop's thread.
 */
final class FailureLog {
    /** With fewer failures in a row than this, a broker may only be restarting. */
    private static final int PATIENCE = 3;

    /** A broker that cannot be reached may be restarting for this long, while its partitions move to others. */
    private static final long UNREACHABLE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** A broker that accepts connections and answers nothing may be starting or stopping for this long. */
    private static final long UNSERVING_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Failures further apart than this are not in a row. */
    private static final long ROW_ENDS_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Logger log;
    private final Map<String, FailuresInARow> failing = new HashMap<>();
    private final RepeatLimit repeats = new RepeatLimit();
    private Set<Integer> namedElsewhere = Set.of();
    private int bootstrapFailures;

    FailureLog(Logger log) {
        this.log = log;
    }

    /** The failures of one connection since it last served. */
    private static final class FailuresInARow {
        private final long sinceNanos;
        private long lastNanos;
        private int count;

        FailuresInARow(long nowNanos) {
            this.sinceNanos = nowNanos;
            this.lastNanos = nowNanos;
        }
    }

    /** An attempt to connect that failed. */
    record Attempt(int nodeId, String channelId, String broker, boolean reached) {}

    /** Whether {@link #closed} warns of such a failure: it says what to do, however often it has happened. */
    static boolean hasLineOfItsOwn(RequestFailure why) {
        return why.isRefusal() || why.reason() == RequestFailure.Reason.RESPONSE_TOO_LARGE;
    }

    /** Called when a connection was closed, but not by this side. */
    void closed(String broker, RequestFailure why, long nowNanos) {
        if (why.isRefusal()) {
            authenticationFailed(broker, why.cause(), nowNanos);
        } else if (hasLineOfItsOwn(why) && repeats.grant("too large: " + broker, nowNanos)) {
            log.warn("{}. The client keeps trying.", why.cause().getMessage());
        }
    }

    void authenticationFailed(String broker, KafkaException cause, long nowNanos) {
        // Without the broker's name: brokers that refuse a client usually do so for the same reason.
        String reason = String.valueOf(cause.getMessage()).replace(broker, "");
        if (repeats.grant("refused: " + reason, nowNanos)) {
            log.warn(
                    "{} refused this client: {}. Check the credentials and the sasl.*, ssl.* and"
                            + " security.protocol settings;"
                            + " the client keeps trying.",
                    broker,
                    cause.getMessage());
        }
    }

    /** Called when a connection ended before it had answered a single request. */
    void connectionFailed(Attempt attempt, KafkaException cause, long nowNanos) {
        if (attempt.nodeId() < 0) {
            bootstrapFailed(cause, nowNanos);
            return;
        }
        FailuresInARow row = failing.computeIfAbsent(attempt.channelId(), id -> new FailuresInARow(nowNanos));
        if (nowNanos - row.lastNanos > ROW_ENDS_NANOS) {
            row = new FailuresInARow(nowNanos);
            failing.put(attempt.channelId(), row);
        }
        row.count++;
        row.lastNanos = nowNanos;
        long patienceNanos = attempt.reached() ? UNSERVING_PATIENCE_NANOS : UNREACHABLE_PATIENCE_NANOS;
        boolean lasting = row.count >= PATIENCE
                && nowNanos - row.sinceNanos >= patienceNanos
                && !namedElsewhere.contains(attempt.nodeId());
        if (lasting && repeats.grant("broker " + attempt.nodeId(), nowNanos)) {
            log.warn(
                    "{} has served nothing to this client in {} attempts over {} s, the last one: {}. Check the"
                            + " broker, its"
                            + " advertised.listeners, security.protocol and the network; the client keeps trying.",
                    attempt.broker(),
                    row.count,
                    TimeUnit.NANOSECONDS.toSeconds(nowNanos - row.sinceNanos),
                    cause.getMessage());
        }
    }

    /** Replaces the brokers of which a line about a stall says that they cannot be reached. */
    void namedElsewhere(Set<Integer> nodeIds) {
        namedElsewhere = nodeIds;
    }

    private void bootstrapFailed(KafkaException cause, long nowNanos) {
        if (++bootstrapFailures >= PATIENCE && repeats.grant("bootstrap", nowNanos)) {
            log.warn(
                    "No bootstrap server could be reached in {} attempts, the last one: {}. Check bootstrap.servers,"
                            + " security.protocol and the network; the client keeps trying.",
                    bootstrapFailures,
                    cause.getMessage());
        }
    }

    /** Called when a request was answered over this connection. */
    void served(String channelId) {
        bootstrapFailures = 0;
        failing.remove(channelId);
    }
}
