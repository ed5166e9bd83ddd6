package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * All assigned partitions and their positions, which are changed only through this class. The partitions that need a
 * look-up are kept in a set of their own, so that a turn costs nothing for the others. Owned by the loop's thread.
 */
public final class Positions {
    private final Map<TopicPartition, TrackedPartition> tracked = new HashMap<>();
    private final Set<TrackedPartition> needingLookup = new LinkedHashSet<>();
    private final Set<TrackedPartition> backingOff = new LinkedHashSet<>();
    private final Backoff backoff;
    private long sequence;

    /** @param backoff the delays after failed look-ups and fetches of a partition */
    public Positions(Backoff backoff) {
        this.backoff = backoff;
    }

    /** The assigned partition of this name, or null if it is not assigned. */
    public @Nullable TrackedPartition get(TopicPartition partition) {
        return tracked.get(partition);
    }

    /** All assigned partitions, as a view that later assignments change. */
    public Collection<TrackedPartition> all() {
        return tracked.values();
    }

    /**
     * The invalidation count, which grows whenever a position is replaced. Data requested at this count may be used
     * while {@link TrackedPartition#validSince} is true for it.
     */
    public long sequence() {
        return sequence;
    }

    // What the application does.

    /**
     * Replaces the assignment. Partitions that stay keep their positions. One with a new generation was revoked and
     * assigned again in between, so it counts as new.
     *
     * @param generations the generation of each assigned partition
     * @param start how new partitions begin
     * @return the revoked partitions, those with a new generation included
     */
    public List<TrackedPartition> assign(Map<TopicPartition, Long> generations, AssignmentStart start) {
        List<TrackedPartition> revoked = new ArrayList<>();
        for (TrackedPartition partition : List.copyOf(tracked.values())) {
            if (!Objects.equals(generations.get(partition.partition()), partition.generation())) {
                tracked.remove(partition.partition());
                needingLookup.remove(partition);
                backingOff.remove(partition);
                revoked.add(partition);
            }
        }
        generations.forEach((partition, generation) -> {
            if (!tracked.containsKey(partition)) {
                TrackedPartition added = new TrackedPartition(partition, generation, start, ++sequence);
                tracked.put(partition, added);
                needingLookup.add(added);
            }
        });
        return revoked;
    }

    /** Replaces the assignment, as above; new partitions look up the offset that the strategy finds. */
    public List<TrackedPartition> assign(Map<TopicPartition, Long> generations, ResetStrategy strategy) {
        return assign(generations, AssignmentStart.byReset(strategy));
    }

    /** Moves the partition to an offset that the application sought. One with a leader epoch is validated first. */
    public void seek(
            TrackedPartition partition, long generation, FetchPosition position, Uuid topicId, int leaderEpoch) {
        partition.topic.validate(topicId, leaderEpoch);
        seek(partition, generation, validatedFirst(position));
    }

    /** Moves the partition to the offset that the strategy will find, after the application sought to it. */
    public void seek(TrackedPartition partition, long generation, ResetStrategy strategy) {
        seek(partition, generation, new PositionState.Resetting(strategy));
    }

    private void seek(TrackedPartition partition, long generation, PositionState next) {
        partition.enterGeneration(generation);
        partition.topic.restart();
        partition.losses.clear();
        partition.recordFault(null);
        become(partition, next);
    }

    /** Pauses or resumes a partition. The position does not change; the caller has to route it again. */
    public void pause(TrackedPartition partition, boolean pause) {
        partition.pause(pause);
    }

    /**
     * Restarts reading of the present topic after the application has yielded its deliveries, and the change of topic
     * with them. A look-up is repeated, and a halted partition stays halted.
     *
     * @param yielded the position at which reading of the old topic stopped
     */
    public void restartTopic(TrackedPartition partition, Yielded yielded) {
        partition.topic.stopAt(yielded.topicId(), yielded.position());
        partition.enterGeneration(yielded.generation());
        FetchPosition beginning = partition.position() == null ? null : partition.topic.beginning();
        become(partition, beginning == null ? partition.state() : new PositionState.Fetching(beginning));
    }

    // What the group says.

    /**
     * Stops fetching a partition until {@link #endHold}, whatever its position. Answers under way bring nothing for it.
     * Its look-ups go on, as the application may still ask for its position. The caller has to route it again.
     */
    public void hold(TrackedPartition partition, Hold reason) {
        if (partition.current.hold(reason)) {
            become(partition, partition.state());
        }
    }

    /** Ends one reason not to fetch a partition; others stay. The caller has to route it again. */
    public void endHold(TrackedPartition partition, Hold reason) {
        partition.current.endHold(reason);
    }

    /**
     * Gives an {@link PositionState.Kind#UNPLACED} partition the position that its group has committed. One with a
     * leader epoch is validated first.
     *
     * @param generation the generation that the committed offset was looked up for
     * @return false, and nothing is changed, if the partition has another generation or is placed already
     */
    public boolean place(
            TrackedPartition partition, long generation, FetchPosition position, Uuid topicId, int leaderEpoch) {
        if (!awaitsPlace(partition, generation)) {
            return false;
        }
        partition.topic.place(topicId, leaderEpoch);
        become(partition, validatedFirst(position));
        return true;
    }

    /** Has the committed offset of a partition looked up once more. An answer that is on its way is not used. */
    void unplace(TrackedPartition partition) {
        partition.topic.restart();
        become(partition, new PositionState.Unplaced());
    }

    /**
     * Resets an {@link PositionState.Kind#UNPLACED} partition for which the coordinator has no committed offset.
     *
     * @param generation the generation that the committed offset was looked up for
     * @return false, and nothing is changed, if the partition has another generation or is placed already
     */
    public boolean resetUnplaced(TrackedPartition partition, long generation, ResetStrategy strategy) {
        if (!awaitsPlace(partition, generation)) {
            return false;
        }
        become(partition, new PositionState.Resetting(strategy));
        return true;
    }

    private static boolean awaitsPlace(TrackedPartition partition, long generation) {
        return partition.generation() == generation && partition.state().kind() == PositionState.Kind.UNPLACED;
    }

    // What brokers say.

    /**
     * Drops the position and looks another one up.
     *
     * @throws IllegalStateException if the partition awaits the committed offset of its group; {@link #resetUnplaced}
     *     is for that
     */
    public void reset(TrackedPartition partition, ResetStrategy strategy) {
        if (partition.state().kind() == PositionState.Kind.UNPLACED) {
            throw new IllegalStateException(partition.partition()
                    + " awaits the committed offset of its group and must not be reset; this is a bug in Surefoot");
        }
        become(partition, new PositionState.Resetting(strategy));
    }

    /** Begins to fetch from a position that is valid for this topic and leader epoch. */
    public void startFetching(TrackedPartition partition, FetchPosition position, Uuid topicId, int leaderEpoch) {
        partition.topic.validate(topicId, leaderEpoch);
        become(partition, new PositionState.Fetching(position));
    }

    /** Continues at a position where reading stopped. One with a known epoch is validated first. */
    public void resume(TrackedPartition partition, FetchPosition position, Uuid topicId, int leaderEpoch) {
        partition.topic.validate(topicId, leaderEpoch);
        become(partition, validatedFirst(position));
    }

    private static PositionState validatedFirst(FetchPosition position) {
        boolean validate = position.offsetEpoch() >= 0;
        return validate ? new PositionState.Validating(position) : new PositionState.Fetching(position);
    }

    /** Halts the partition until the application seeks. */
    public void halt(TrackedPartition partition, PositionState.Halted halted) {
        become(partition, halted);
    }

    /** Moves the fetch position past data that was delivered. */
    public void advance(TrackedPartition partition, FetchPosition next) {
        partition.current.advance(next);
    }

    /** Confirms the partition's topic and ends its row of failures, after a broker has served it. */
    public void confirmServed(TrackedPartition partition) {
        partition.retry.succeed();
        partition.recordFault(null);
        partition.topic.confirm();
        partition.losses.endRow();
    }

    /**
     * Takes over a changed leader. A position with a known epoch is validated if the leader epoch is new.
     *
     * @param topicId the topic's id by the newest metadata, or {@link Uuid#ZERO_UUID}
     * @throws IllegalArgumentException if the topic id differs from that of the position; {@link #moveToTopic} is for
     *     that
     */
    public void leaderChanged(TrackedPartition partition, Uuid topicId, int leaderEpoch) {
        if (partition.isRecreatedAs(topicId)) {
            throw new IllegalArgumentException(partition.partition() + " is of topic id " + partition.topicId()
                    + ", so a leader of " + topicId + " is none for its position");
        }
        FetchPosition position = partition.position();
        if (position == null) {
            return;
        }
        if (partition.fetching() == null) {
            // The outstanding look-up went to the earlier leader, so it is repeated.
            become(partition, partition.state());
        } else if (leaderEpoch >= 0 && !partition.topic.isValidatedFor(leaderEpoch)) {
            if (position.offsetEpoch() >= 0) {
                become(partition, new PositionState.Validating(position));
            } else {
                partition.topic.validate(topicId.equals(Uuid.ZERO_UUID) ? partition.topicId() : topicId, leaderEpoch);
            }
        }
    }

    /** Has the position looked up, or if it has an epoch validated, once more, whatever comes of one under way. */
    public void validateAgain(TrackedPartition partition, int leaderEpoch) {
        FetchPosition position = partition.position();
        if (partition.state().needsLookup() && partition.state().kind() != PositionState.Kind.UNPLACED) {
            become(partition, partition.state());
        } else if (partition.fetching() != null
                && position != null
                && leaderEpoch >= 0
                && position.offsetEpoch() >= 0) {
            become(partition, new PositionState.Validating(position));
        }
    }

    /** Moves to another topic of the same name; {@link TrackedPartition#stoppedAt} is null if that was never read. */
    public void moveToTopic(TrackedPartition partition, Uuid otherTopicId) {
        partition.topic.moveTo(otherTopicId, partition.position());
    }

    /** Keeps a position back from the application until a broker has served the topic. */
    public void holdBack(TrackedPartition partition, FetchPosition position) {
        partition.topic.holdBack(position);
    }

    /** Records a position that was delivered to the application. */
    public void recordDelivered(TrackedPartition partition, FetchPosition position) {
        partition.topic.deliver(position);
    }

    /** Records the loss of a position, to be reported when the next one is known. */
    public void recordLoss(TrackedPartition partition, PositionLoss loss) {
        partition.losses.record(loss);
    }

    /** As {@link #recordLoss}, for a position that was out of range. */
    public void recordOutOfRange(TrackedPartition partition, PositionLoss loss) {
        partition.losses.recordOutOfRange(loss);
    }

    /** Removes the recorded loss, after it was reported. */
    public void clearLoss(TrackedPartition partition) {
        partition.losses.clear();
    }

    /** Records an error that a broker has answered for the partition. */
    public void recordFault(TrackedPartition partition, PartitionFault fault) {
        partition.recordFault(fault);
    }

    // Look-ups and back-off.

    /** Whether the position of any partition is to be looked up or validated, now or after a back-off. */
    public boolean anyNeedsLookup() {
        return !needingLookup.isEmpty();
    }

    /** The partitions in this state that may be looked up now, the earliest to enter the state first. */
    public List<TrackedPartition> lookupsDue(PositionState.Kind kind, long nowNanos) {
        if (needingLookup.isEmpty()) {
            return List.of();
        }
        List<TrackedPartition> due = new ArrayList<>();
        for (TrackedPartition partition : needingLookup) {
            if (partition.state().kind() == kind
                    && !partition.lookupOutstanding()
                    && partition.retryAtNanos() <= nowNanos) {
                due.add(partition);
            }
        }
        return due;
    }

    /** Marks a look-up of the partition's position as outstanding, and notes the topic of its name by metadata. */
    public void sendLookup(TrackedPartition partition, Uuid topicId) {
        if (partition.position() == null && !topicId.equals(Uuid.ZERO_UUID)) {
            partition.topic.validate(topicId, -1);
        }
        partition.retry.sendLookup();
    }

    /** Backs off after a failure, longer with each one in a row; until it ends, nothing is sent for the partition. */
    public void backOff(TrackedPartition partition, long nowNanos) {
        partition.retry.backOff(backoff, nowNanos);
        backingOff.add(partition);
    }

    /** Backs off for several partitions whose look-up was one request, so that their next one is one request too. */
    public void backOff(Collection<TrackedPartition> together, long nowNanos) {
        int most = together.stream()
                .mapToInt(TrackedPartition::failuresInARow)
                .max()
                .orElse(0);
        long retryAtNanos = nowNanos + backoff.delayNanos(most + 1);
        together.forEach(partition -> partition.retry.backOffUntil(retryAtNanos));
        backingOff.addAll(together);
    }

    /** Ends the back-offs that have expired, and returns their partitions. */
    public List<TrackedPartition> endBackOffs(long nowNanos) {
        if (backingOff.isEmpty()) {
            return List.of();
        }
        List<TrackedPartition> ended = new ArrayList<>();
        for (TrackedPartition partition : backingOff) {
            if (partition.retryAtNanos() <= nowNanos) {
                ended.add(partition);
            }
        }
        ended.forEach(backingOff::remove);
        return ended;
    }

    /** The time at which the next back-off expires, in nanoseconds of the loop's clock, or {@link Long#MAX_VALUE}. */
    public long nextRetryNanos() {
        long next = Long.MAX_VALUE;
        for (TrackedPartition partition : backingOff) {
            next = Math.min(next, partition.retryAtNanos());
        }
        return next;
    }

    private void become(TrackedPartition partition, PositionState next) {
        partition.current.become(next, ++sequence);
        partition.retry.restart();
        if (next.needsLookup()) {
            needingLookup.add(partition);
        } else {
            needingLookup.remove(partition);
        }
        backingOff.remove(partition);
    }
}
