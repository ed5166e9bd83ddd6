package dev.surefoot.core.group;

import dev.surefoot.core.handover.MemberIdentity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Offsets that the application commits, out of a snapshot that it has made. Immutable.
 *
 * @param id names it in the notice that tells its outcome
 * @param identity who the application knew to be when it made the snapshot, or null for a consumer that is no member
 *     ({@code assign()} with a {@code group.id})
 * @param offsets the next offset to read of each partition, 0 or more
 * @param deadlineNanos when it fails at the latest, in nanoseconds of the loop's clock
 */
public record Commit(
        long id,
        Kind kind,
        @Nullable MemberIdentity identity,
        Map<TopicPartition, OffsetAndMetadata> offsets,
        long deadlineNanos) {

    /** What becomes of a commit that fails by an error that may pass. */
    public enum Kind {
        /** It is sent again until its deadline. */
        SYNC,
        /** It is not sent again: the application gets a {@code RetriableCommitFailedException}. */
        ASYNC,
        /**
         * It is sent again until its deadline, before partitions are given up. Partitions of topics that do not exist
         * are left out, as they would delay the rebalance for nothing.
         */
        BEFORE_REBALANCE
    }

    public Commit {
        offsets = Collections.unmodifiableMap(new LinkedHashMap<>(offsets));
    }
}
