package dev.surefoot.core.guard;

import dev.surefoot.core.guard.ApplicationView.Reading;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.Hold;
import dev.surefoot.core.position.PositionState;
import dev.surefoot.core.position.TrackedPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the guard remembers of one assigned partition: what answers have told when they came, and what looks at the
 * partition have shown. Times are nanoseconds of the loop's clock. Owned by the loop's thread.
 */
final class PartitionLedger extends ToldPartition {
    private PositionState.Kind state;
    private long stateNanos;
    private boolean stopped;
    private int leaderId = -1;
    private long fetchOffset = -1;
    private long fetchAdvancedNanos = NEVER;
    private final SessionSilence silence = new SessionSilence();
    private final Consumption consumption = new Consumption();
    private long patienceNanos;
    private long pinnedAt = -1;
    private long pinnedNanos = NEVER;
    private final Pace pace = new Pace();
    private @Nullable LagTrend lagTrend;

    private final NamedCause named;

    private @Nullable Finding finding;

    PartitionLedger(TrackedPartition tracked, long nowNanos) {
        super(tracked);
        this.state = tracked().state().kind();
        this.stateNanos = nowNanos;
        this.patienceNanos = nowNanos;
        this.named = new NamedCause(nowNanos);
    }

    // Looks.

    /** Whether the last answer had room, and none of the partition's records, though the log ends further on. */
    boolean looksEmpty(boolean readCommitted) {
        return fetchOffset >= 0 && emptyAt() == fetchOffset && fetchOffset < readableEnd(readCommitted);
    }

    /** Leaves out of all ages a time in which the process did not run. */
    void passOver(long nanos) {
        patienceNanos += nanos;
        stateNanos += nanos;
        named.passOver(nanos);
        fetchAdvancedNanos = LateTurns.later(fetchAdvancedNanos, nanos);
        consumption.passOver(nanos);
    }

    /**
     * Takes note of what has changed since the last look.
     *
     * @param reading how far the application has read, or null if that is of another generation or unknown
     * @param isPresent whether it reads from the present position, and not what was fetched before a reset
     * @param leader the leader's node id, or -1
     */
    void look(@Nullable Reading reading, boolean isPresent, int leader, boolean readCommitted, long nowNanos) {
        follow(tracked().topicId(), nowNanos);
        lookAtState(nowNanos);
        if (leader != leaderId) {
            leaderId = leader;
            restartPatience(nowNanos);
        }
        lookAtPositions(reading, isPresent, nowNanos);
        boolean pinned = readCommitted && lastStableOffset() < highWatermark();
        long pin = pinned ? lastStableOffset() : -1;
        if (pin != pinnedAt) {
            pinnedAt = pin;
            pinnedNanos = nowNanos;
        }
        pace.observe(readableEnd(readCommitted), consumption.offset(), nowNanos);
    }

    @Override
    void restart(long nowNanos) {
        fetchOffset = -1;
        consumption.restart();
        fetchAdvancedNanos = NEVER;
        named.restart();
        pace.restart();
        restartPatience(nowNanos);
    }

    @Override
    void restartPatience(long nowNanos) {
        patienceNanos = nowNanos;
    }

    private void lookAtState(long nowNanos) {
        PositionState.Kind now = tracked().state().kind();
        if (now != state) {
            if (state == PositionState.Kind.UNPLACED) {
                // The committed offset has come. What it was waited for, like a transaction's end, is over.
                restartPatience(nowNanos);
            }
            state = now;
            stateNanos = nowNanos;
        }
        boolean stops = tracked().paused()
                || tracked().isHeld(Hold.NOT_TAKEN)
                || tracked().isHeld(Hold.REVOKED);
        if (stopped && !stops) {
            restartPatience(nowNanos);
        }
        stopped = stops;
    }

    private void lookAtPositions(@Nullable Reading reading, boolean isPresent, long nowNanos) {
        FetchPosition fetching = tracked().fetching();
        long fetch = fetching == null ? -1 : fetching.offset();
        if (fetch > fetchOffset && fetchOffset >= 0) {
            fetchAdvancedNanos = nowNanos;
            restartPatience(nowNanos);
        }
        fetchOffset = fetch;
        if (reading != null && reading.offset() >= 0 && consumption.look(reading, isPresent, nowNanos)) {
            restartPatience(nowNanos);
        }
    }

    /** The cause that looks have named. */
    NamedCause named() {
        return named;
    }

    @Nullable Finding finding() {
        return finding;
    }

    void found(Finding now) {
        finding = now;
        findingMade();
    }

    // What is known.

    @Override
    SessionSilence silence() {
        return silence;
    }

    /** The leader at the last look, or -1. */
    int leaderId() {
        return leaderId;
    }

    long stateNanos() {
        return stateNanos;
    }

    /** The fetch position, or -1. */
    long fetchOffset() {
        return fetchOffset;
    }

    /** The consumed position, or the fetch position if nothing is known of the application, or -1. */
    long consumed() {
        return consumption.offset() >= 0 ? consumption.offset() : fetchOffset;
    }

    /** When the fetch position or the consumed one moved last, or {@link #NEVER}. */
    long movedNanos() {
        return Math.max(fetchAdvancedNanos, consumption.advancedNanos());
    }

    /** How far the application has read it. */
    Consumption consumption() {
        return consumption;
    }

    long patienceNanos() {
        return patienceNanos;
    }

    long pinnedNanos() {
        return pinnedNanos;
    }

    Pace pace() {
        return pace;
    }

    /** How its lag goes, or null if it was not behind at the last look. */
    @Nullable LagTrend lagTrend() {
        return lagTrend;
    }

    void lagTrend(@Nullable LagTrend trend) {
        lagTrend = trend;
    }
}
