package dev.surefoot.runtime;

import dev.surefoot.core.engine.EngineSettings;
import dev.surefoot.wire.FetchSettings;
import java.time.Duration;

/**
 * The settings of a consumer, read from its configuration. A {@link Builder} has a default for each.
 *
 * @param clientId {@code client.id}
 * @param engine what the engine goes by
 * @param fetch what every Fetch request says
 * @param sessions {@code enable.incremental.fetch.sessions}
 * @param auditIntervalNanos {@code surefoot.session.audit.interval.ms}
 * @param decompressedBatchMaxBytes {@code surefoot.decompressed.batch.max.bytes}
 * @param decompressionThreads {@code surefoot.decompression.threads}
 * @param checkCrcs {@code check.crcs}
 * @param maxPollRecords {@code max.poll.records}
 * @param progressMetricsPartitionsMax {@code surefoot.progress.metrics.partitions.max}
 * @param seed the seed of all jitter
 * @param group what the application's side of a group goes by
 */
public record RuntimeSettings(
        String clientId,
        EngineSettings engine,
        FetchSettings fetch,
        boolean sessions,
        long auditIntervalNanos,
        int decompressedBatchMaxBytes,
        int decompressionThreads,
        boolean checkCrcs,
        int maxPollRecords,
        int progressMetricsPartitionsMax,
        long seed,
        GroupOptions group) {

    /** Starts from what a consumer does whose configuration names no key, but with no thread for decompression. */
    public static Builder builder(String clientId, long seed) {
        return new Builder(clientId, seed);
    }

    /** The settings in the making, each with its parameter's name, unit and range. Not safe for several threads. */
    public static final class Builder {
        private final String clientId;
        private final long seed;
        private EngineSettings engine = EngineSettings.builder().build();
        private FetchSettings fetch = new FetchSettings(500, 1, false, "");
        private boolean sessions = true;
        private long auditIntervalNanos = Duration.ofMinutes(1).toNanos();
        private int decompressedBatchMaxBytes = 64 << 20;
        private int decompressionThreads;
        private boolean checkCrcs = true;
        private int maxPollRecords = 500;
        private int progressMetricsPartitionsMax = 1_000;
        private GroupOptions group = GroupOptions.DEFAULT;

        private Builder(String clientId, long seed) {
            this.clientId = clientId;
            this.seed = seed;
        }

        public Builder engine(EngineSettings value) {
            engine = value;
            return this;
        }

        public Builder fetch(FetchSettings value) {
            fetch = value;
            return this;
        }

        public Builder sessions(boolean value) {
            sessions = value;
            return this;
        }

        public Builder auditIntervalNanos(long value) {
            auditIntervalNanos = value;
            return this;
        }

        public Builder decompressedBatchMaxBytes(int value) {
            decompressedBatchMaxBytes = value;
            return this;
        }

        public Builder decompressionThreads(int value) {
            decompressionThreads = value;
            return this;
        }

        public Builder checkCrcs(boolean value) {
            checkCrcs = value;
            return this;
        }

        public Builder maxPollRecords(int value) {
            maxPollRecords = value;
            return this;
        }

        public Builder progressMetricsPartitionsMax(int value) {
            progressMetricsPartitionsMax = value;
            return this;
        }

        public Builder group(GroupOptions value) {
            group = value;
            return this;
        }

        public RuntimeSettings build() {
            return new RuntimeSettings(
                    clientId,
                    engine,
                    fetch,
                    sessions,
                    auditIntervalNanos,
                    decompressedBatchMaxBytes,
                    decompressionThreads,
                    checkCrcs,
                    maxPollRecords,
                    progressMetricsPartitionsMax,
                    seed,
                    group);
        }
    }
}
