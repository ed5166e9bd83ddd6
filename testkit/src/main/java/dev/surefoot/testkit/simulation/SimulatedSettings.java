package dev.surefoot.testkit.simulation;

import dev.surefoot.core.engine.EngineSettings;
import dev.surefoot.core.engine.RequestTimeouts;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.guard.RecoveryLevel;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.runtime.RuntimeSettings;
import dev.surefoot.testkit.simulation.guard.GuardTerms;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Shape;
import dev.surefoot.testkit.simulation.world.Wire;
import dev.surefoot.wire.FetchSettings;

/** The settings of a consumer in a simulated world. */
final class SimulatedSettings {
    private static final long MILLI = 1_000_000L;
    static final long RETRY_BACKOFF_NANOS = 100 * MILLI;
    static final long RETRY_BACKOFF_MAX_NANOS = 1_000 * MILLI;
    static final long METADATA_AGE_NANOS = 5_000 * MILLI;

    private SimulatedSettings() {}

    /** The settings for a schedule. */
    static RuntimeSettings of(Schedule schedule, RecoveryLevel recovery) {
        Shape shape = schedule.shape();
        EngineSettings engine = EngineSettings.builder()
                .reset(reset(shape))
                .readCommitted(shape.readCommitted())
                .allowAutoTopicCreation(false)
                .metadataMaxAgeNanos(METADATA_AGE_NANOS)
                .retryBackoffNanos(RETRY_BACKOFF_NANOS)
                .retryBackoffMaxNanos(RETRY_BACKOFF_MAX_NANOS)
                .bufferBytes(shape.bufferBytes())
                .fetchMaxBytes(shape.fetchBytes())
                .fetchLimits(new Fetcher.Limits(shape.partitionBytes(), METADATA_AGE_NANOS))
                .guard(GuardTerms.timing(shape))
                .recovery(recovery)
                .timeouts(new RequestTimeouts(Wire.REQUEST_TIMEOUT_NANOS, Wire.REQUEST_TIMEOUT_NANOS))
                .build();
        return RuntimeSettings.builder("simulated", schedule.seed())
                .engine(engine)
                .fetch(new FetchSettings(500, 1, shape.readCommitted(), ""))
                .sessions(shape.sessions())
                .auditIntervalNanos(shape.auditMillis() * MILLI)
                .decompressedBatchMaxBytes(1 << 20)
                .decompressionThreads(0) // one thread plays all
                .maxPollRecords(shape.pollRecords())
                .build();
    }

    private static ResetStrategy reset(Shape shape) {
        return switch (shape.reset()) {
            case EARLIEST -> new ResetStrategy.Earliest();
            case LATEST -> new ResetStrategy.Latest();
            case NONE -> new ResetStrategy.None();
        };
    }
}
