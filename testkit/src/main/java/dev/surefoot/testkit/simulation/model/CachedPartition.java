package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import org.jspecify.annotations.Nullable;

/** What a broker stores about one partition of a session: its target from the requests, and what it last reported. */
final class CachedPartition {
    private static final long NEVER_REPORTED = -1;

    private FetchTarget target;
    private @Nullable String topic;
    private long reportedHighWatermark = NEVER_REPORTED;
    private long reportedLogStart = NEVER_REPORTED;

    /** @param topic the topic's name, or null if its id is not known yet */
    CachedPartition(FetchTarget target, @Nullable String topic) {
        this.target = target;
        this.topic = topic;
    }

    FetchTarget target() {
        return target;
    }

    @Nullable String topic() {
        return topic;
    }

    /** Sets the topic's name if it was not known. A known name stays, even if the topic is deleted. */
    void resolve(@Nullable String name) {
        if (topic == null) {
            topic = name;
        }
    }

    /** Applies a request. What was last reported stays, so an update alone is no reason to report. */
    void update(FetchTarget told) {
        target = told;
    }

    /** Returns whether an incremental answer must mention the partition. */
    boolean isNews(PartitionAnswer answer) {
        return answer.records().hasRemaining()
                || answer.highWatermark() != reportedHighWatermark
                || answer.logStartOffset() != reportedLogStart
                || answer.error() != BrokerError.NONE
                || answer.preferredReadReplica() >= 0
                || answer.divergingEpoch() != null;
    }

    /** Notes the answer that is reported. After an error the next good answer is always reported. */
    void reported(PartitionAnswer answer) {
        reportedHighWatermark = answer.error() == BrokerError.NONE ? answer.highWatermark() : NEVER_REPORTED;
        reportedLogStart = answer.logStartOffset();
    }
}
