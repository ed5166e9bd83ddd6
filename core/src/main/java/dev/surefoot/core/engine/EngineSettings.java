package dev.surefoot.core.engine;

import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.position.ResetStrategy;

/**
 * The settings of an engine.
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
        RequestTimeouts timeouts) {}
