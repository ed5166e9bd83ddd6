package dev.surefoot.runtime;

import dev.surefoot.core.engine.EngineSettings;
import dev.surefoot.wire.FetchSettings;

/**
 * The settings of a consumer, read from its configuration.
 *
 * @param clientId {@code client.id}
 * @param sessions {@code enable.incremental.fetch.sessions}
 * @param auditIntervalNanos {@code surefoot.session.audit.interval.ms}
 * @param decompressedBatchMaxBytes {@code surefoot.decompressed.batch.max.bytes}
 * @param decompressionThreads {@code surefoot.decompression.threads}
 * @param checkCrcs {@code check.crcs}
 * @param maxPollRecords {@code max.poll.records}
 * @param seed the seed of all jitter
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
        long seed) {}
