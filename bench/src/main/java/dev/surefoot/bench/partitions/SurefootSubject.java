package dev.surefoot.bench.partitions;

import dev.surefoot.core.engine.EngineSettings;
import dev.surefoot.core.engine.RequestTimeouts;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.guard.GuardSettings;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.net.Clock;
import dev.surefoot.runtime.ClusterListeners;
import dev.surefoot.runtime.ConsumerMeter;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.EventLog;
import dev.surefoot.runtime.Interceptors;
import dev.surefoot.runtime.Loop;
import dev.surefoot.runtime.PlugIns;
import dev.surefoot.runtime.RuntimeSettings;
import dev.surefoot.runtime.Seams;
import dev.surefoot.runtime.Threads;
import dev.surefoot.wire.FetchSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The shipped consumer with its loop, which this class turns: one turn is one fetch. Its clock runs as any other, so
 * that what is done once a second has its true share, and is put forward to make audits and metadata due.
 */
final class SurefootSubject implements Subject, Clock, Threads {
    static final String NAME = "surefoot";

    private static final long AUDIT_INTERVAL_NANOS = TimeUnit.DAYS.toNanos(100);
    private static final long METADATA_MAX_AGE_NANOS = TimeUnit.DAYS.toNanos(10);
    private static final int MIB = 1024 * 1024;
    private static final int SETTLING_TURNS_MOST = 100;

    private final Meter planning = new Meter();
    private final Meter handling = new Meter();
    private final Layout layout;
    private final ScriptedTransport transport;
    private final ConsumerRuntime<byte[], byte[]> runtime;
    private @Nullable Loop loop;
    private final long startNanos = System.nanoTime();
    /** By how much the clock was put forward. */
    private long aheadNanos;

    /** Assigns the partitions and makes turns until the first fetch, a full one, has opened the session. */
    SurefootSubject(Layout layout) {
        this.layout = layout;
        FetchSettings fetch = new FetchSettings(500, 1, false, "");
        transport = new ScriptedTransport(new ScriptedBroker(layout), fetch, planning, handling);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        runtime = ConsumerRuntime.start(
                settings(fetch),
                transport,
                this,
                new Seams(UnaryOperator.identity(), UnaryOperator.identity(), this),
                new PlugIns<>(
                        bytes,
                        bytes,
                        new Interceptors<>(List.of(), LoggerFactory.getLogger(Interceptors.class)),
                        new ClusterListeners(List.of()),
                        new ConsumerMeter(new Metrics(), 0),
                        new EventLog(LoggerFactory.getLogger(Loop.class), "bench")));
        planning.start();
        runtime.assignments().assign(layout.all());
        planning.stop();
        for (int turns = 0; runtime.tally().fullFetches() == 0; turns++) {
            if (turns == SETTLING_TURNS_MOST) {
                throw new IllegalStateException("no session was opened");
            }
            turn();
        }
    }

    private static RuntimeSettings settings(FetchSettings fetch) {
        EngineSettings engine = EngineSettings.builder()
                .reset(new ResetStrategy.Earliest())
                .allowAutoTopicCreation(false)
                .rebootstrap(false)
                .rebootstrapTriggerNanos(METADATA_MAX_AGE_NANOS)
                .metadataMaxAgeNanos(METADATA_MAX_AGE_NANOS)
                .fetchLimits(new Fetcher.Limits(MIB, METADATA_MAX_AGE_NANOS))
                .timeouts(new RequestTimeouts(TimeUnit.SECONDS.toNanos(30), TimeUnit.SECONDS.toNanos(31)))
                .guard(new GuardSettings.Timing(
                        GuardSettings.Timing.DEFAULT.patienceNanos(),
                        AUDIT_INTERVAL_NANOS,
                        GuardSettings.Timing.DEFAULT.fetchWaitNanos(),
                        GuardSettings.Timing.DEFAULT.maxPollIntervalNanos()))
                .build();
        return RuntimeSettings.builder("bench", 1)
                .engine(engine)
                .fetch(fetch)
                .auditIntervalNanos(AUDIT_INTERVAL_NANOS)
                .maxPollRecords(Integer.MAX_VALUE)
                .build();
    }

    private void turn() {
        planning.start();
        Objects.requireNonNull(loop).turn();
        handling.stop();
    }

    @Override
    public String name() {
        return NAME;
    }

    /**
     * Returns the nanoseconds from the assignment to the end of the first fetch, without those of the broker. Must be
     * called before {@link #exchange}.
     */
    long setUpNanos() {
        long nanos = planning.takeNanos() + handling.takeNanos();
        planning.takeBytes();
        handling.takeBytes();
        return nanos;
    }

    @Override
    public Exchange exchange() {
        turn();
        long start = System.nanoTime();
        ConsumerRecords<byte[], byte[]> records = runtime.polling().poll(Duration.ZERO);
        long deliverNanos = System.nanoTime() - start;
        boolean allThere = records.partitions().size() == layout.changed();
        if (!allThere && transport.forgotten() == 0) {
            throw new IllegalStateException(layout.changed() + " partitions had records, and those of "
                    + records.partitions().size() + " were delivered");
        }
        return new Exchange(
                planning.takeNanos(),
                handling.takeNanos(),
                deliverNanos,
                transport.fetchRequestBytes(),
                transport.fetchResponseBytes(),
                planning.takeBytes() + handling.takeBytes());
    }

    /** Makes all partitions due for an audit; each of the next exchanges audits some of them. */
    void letAuditsBeDue() {
        aheadNanos += AUDIT_INTERVAL_NANOS;
    }

    /** Returns how many partitions have been audited so far: forgotten, to be added to the session again. */
    long audited() {
        return transport.forgotten();
    }

    /** Makes metadata due; the next exchange reads an answer about all topics. */
    void letMetadataBeDue() {
        aheadNanos += METADATA_MAX_AGE_NANOS;
    }

    @Override
    public void close() {
        runtime.close(Duration.ZERO);
    }

    @Override
    public long nanos() {
        return System.nanoTime() - startNanos + aheadNanos;
    }

    @Override
    public long epochMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos());
    }

    @Override
    public LoopOwner owner(Loop started, String name) {
        loop = started;
        return new LoopOwner() {
            @Override
            public void start() {} // exchange() makes each turn

            @Override
            public @Nullable KafkaException death() {
                return null;
            }

            @Override
            public void close(long timeoutNanos) {
                started.close(timeoutNanos);
            }
        };
    }

    @Override
    public void park(Object blocker, long nanos) {
        throw new IllegalStateException("nothing is to be waited for");
    }

    @Override
    public void unpark(Thread thread) {}
}
