package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Checks that automatic commits leave one interval apart, one at a time (G16). Judges runs in which the application
 * commits nothing by itself and the coordinator can be reached, so that a commit leaves when it is made.
 *
 * <p>A rebalance has commits of its own: before the listener is called, and of what is kept. So a commit that comes too
 * soon is a suspicion at first, and a violation when another follows without a call of the listener.
 */
final class AutoCommitPace {
    /** A time-out's jitter, and the time from the poll that commits to the loop's turn. */
    private static final double TOLERANCE = 0.95;

    private final String member;
    private final long intervalNanos;
    private final long backoffNanos;
    private long lastNanos;
    private Map<TopicPartition, OffsetAndMetadata> offsets = Map.of();
    private long callbacks = -1;
    private final Set<Request<?>> outstanding = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean hasFailed;
    private @Nullable String suspicion;

    /**
     * @param intervalNanos the time from one commit to the next
     * @param backoffNanos the same after a commit that has failed
     */
    AutoCommitPace(String member, long intervalNanos, long backoffNanos) {
        this.member = member;
        this.intervalNanos = (long) (intervalNanos * TOLERANCE);
        this.backoffNanos = (long) (backoffNanos * TOLERANCE);
    }

    /**
     * A commit leaves.
     *
     * @param callbacks how often the listener was called so far
     */
    void sent(OffsetCommitRequest commit, long nowNanos, long callbacks) {
        // A commit that is refused for the epoch of its sender is sent again by itself.
        boolean isSentAgain = hasFailed && commit.offsets().equals(offsets);
        if (callbacks != this.callbacks || isSentAgain) {
            suspicion = null;
        } else if (suspicion != null) {
            throw new Violation("G16", suspicion);
        } else {
            suspicion = suspicionOf(nowNanos);
        }
        this.callbacks = callbacks;
        lastNanos = isSentAgain ? lastNanos : nowNanos;
        offsets = commit.offsets();
        hasFailed = false;
        outstanding.add(commit);
    }

    private @Nullable String suspicionOf(long nowNanos) {
        if (!outstanding.isEmpty()) {
            return member + " commits by itself while another such commit is outstanding";
        }
        long passedNanos = nowNanos - lastNanos;
        return passedNanos < (hasFailed ? backoffNanos : intervalNanos)
                ? member + " commits by itself again after " + passedNanos / 1_000_000 + " ms"
                : null;
    }

    /** A commit has ended. */
    void ended(Request<?> commit, boolean isStored) {
        hasFailed |= outstanding.remove(commit) && !isStored;
    }
}
