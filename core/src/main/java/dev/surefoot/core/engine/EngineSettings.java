package dev.surefoot.core.engine;

import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.guard.GuardSettings;
import dev.surefoot.core.guard.RecoveryLevel;
import dev.surefoot.core.position.ResetStrategy;
import java.time.Duration;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an engine. A {@link Builder} has a default for each.
 *
 * @param reset {@code auto.offset.reset}
 * @param readCommitted whether {@code isolation.level} is {@code read_committed}
 * @param allowAutoTopicCreation {@code allow.auto.create.topics}
 * @param rebootstrap whether the bootstrap brokers are asked when no known broker can be ({@code
 *     metadata.recovery.strategy})
 * @param rebootstrapTriggerNanos nanoseconds of failing metadata requests after which the bootstrap brokers are asked,
 *     even if a known broker can be reached ({@code metadata.recovery.rebootstrap.trigger.ms}, KIP-1102)
 * @param metadataMaxAgeNanos {@code metadata.max.age.ms}
 * @param retryBackoffNanos {@code retry.backoff.ms}
 * @param retryBackoffMaxNanos {@code retry.backoff.max.ms}
 * @param bufferBytes {@code surefoot.buffer.bytes}
 * @param fetchMaxBytes {@code fetch.max.bytes}
 * @param fetchLimits the limits for each partition
 * @param timeouts the time that answers may take
 * @param group how the consumer takes part in its group, or null without a {@code group.id}
 * @param memberId names the consumer in its group (KIP-1082); unique among all consumers
 * @param excludeInternalTopics {@code exclude.internal.topics}
 * @param guard the times by which the guard judges
 * @param recovery {@code surefoot.recovery}
 * @param transactionDiagnosis {@code surefoot.transaction.diagnosis}
 */
public record EngineSettings(
        ResetStrategy reset,
        boolean readCommitted,
        boolean allowAutoTopicCreation,
        boolean rebootstrap,
        long rebootstrapTriggerNanos,
        long metadataMaxAgeNanos,
        long retryBackoffNanos,
        long retryBackoffMaxNanos,
        long bufferBytes,
        int fetchMaxBytes,
        Fetcher.Limits fetchLimits,
        RequestTimeouts timeouts,
        @Nullable GroupSettings group,
        Uuid memberId,
        boolean excludeInternalTopics,
        GuardSettings.Timing guard,
        RecoveryLevel recovery,
        boolean transactionDiagnosis) {

    /** Starts from what a consumer does whose configuration names no key. */
    public static Builder builder() {
        return new Builder();
    }

    /** The settings in the making, each with its parameter's name, unit and range. Not safe for several threads. */
    public static final class Builder {
        private static final long MINUTES_5_NANOS = Duration.ofMinutes(5).toNanos();
        private static final int MIB = 1 << 20;

        private ResetStrategy reset = new ResetStrategy.Latest();
        private boolean readCommitted;
        private boolean allowAutoTopicCreation = true;
        private boolean rebootstrap = true;
        private long rebootstrapTriggerNanos = MINUTES_5_NANOS;
        private long metadataMaxAgeNanos = MINUTES_5_NANOS;
        private long retryBackoffNanos = Duration.ofMillis(100).toNanos();
        private long retryBackoffMaxNanos = Duration.ofSeconds(1).toNanos();
        private long bufferBytes = 64 * MIB;
        private int fetchMaxBytes = 50 * MIB;
        private Fetcher.Limits fetchLimits = new Fetcher.Limits(MIB, MINUTES_5_NANOS);
        private RequestTimeouts timeouts = new RequestTimeouts(
                Duration.ofSeconds(30).toNanos(), Duration.ofMillis(30_500).toNanos());

        private @Nullable GroupSettings group;
        private Uuid memberId = Uuid.ZERO_UUID;
        private boolean excludeInternalTopics = true;
        private GuardSettings.Timing guard = GuardSettings.Timing.DEFAULT;
        private RecoveryLevel recovery = RecoveryLevel.CONNECTION;
        private boolean transactionDiagnosis;

        private Builder() {}

        public Builder reset(ResetStrategy value) {
            reset = value;
            return this;
        }

        public Builder readCommitted(boolean value) {
            readCommitted = value;
            return this;
        }

        public Builder allowAutoTopicCreation(boolean value) {
            allowAutoTopicCreation = value;
            return this;
        }

        public Builder rebootstrap(boolean value) {
            rebootstrap = value;
            return this;
        }

        public Builder rebootstrapTriggerNanos(long value) {
            rebootstrapTriggerNanos = value;
            return this;
        }

        public Builder metadataMaxAgeNanos(long value) {
            metadataMaxAgeNanos = value;
            return this;
        }

        public Builder retryBackoffNanos(long value) {
            retryBackoffNanos = value;
            return this;
        }

        public Builder retryBackoffMaxNanos(long value) {
            retryBackoffMaxNanos = value;
            return this;
        }

        public Builder bufferBytes(long value) {
            bufferBytes = value;
            return this;
        }

        public Builder fetchMaxBytes(int value) {
            fetchMaxBytes = value;
            return this;
        }

        public Builder fetchLimits(Fetcher.Limits value) {
            fetchLimits = value;
            return this;
        }

        public Builder timeouts(RequestTimeouts value) {
            timeouts = value;
            return this;
        }

        /** @param id unique among all consumers */
        public Builder group(GroupSettings value, Uuid id) {
            group = value;
            memberId = id;
            return this;
        }

        public Builder excludeInternalTopics(boolean value) {
            excludeInternalTopics = value;
            return this;
        }

        public Builder guard(GuardSettings.Timing value) {
            guard = value;
            return this;
        }

        public Builder recovery(RecoveryLevel value) {
            recovery = value;
            return this;
        }

        public Builder transactionDiagnosis(boolean value) {
            transactionDiagnosis = value;
            return this;
        }

        public EngineSettings build() {
            return new EngineSettings(
                    reset,
                    readCommitted,
                    allowAutoTopicCreation,
                    rebootstrap,
                    rebootstrapTriggerNanos,
                    metadataMaxAgeNanos,
                    retryBackoffNanos,
                    retryBackoffMaxNanos,
                    bufferBytes,
                    fetchMaxBytes,
                    fetchLimits,
                    timeouts,
                    group,
                    memberId,
                    excludeInternalTopics,
                    guard,
                    recovery,
                    transactionDiagnosis);
        }
    }
}
