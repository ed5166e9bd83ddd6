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
 * All assigned partitions and their positions, and the one door to changes of them. Keeps the few that need a broker's
 * word on their offset apart from the many that do not, so that a turn costs nothing for the latter. Owned by the
 * loop's thread.
 */
public final class Positions {
    private final Map<TopicPartition, TrackedPartition> tracked = new HashMap<>();
    private final Set<TrackedPartition> needingLookup = new LinkedHashSet<>();
    private final Set<TrackedPartition> backingOff = new LinkedHashSet<>();
    private final Backoff backoff;
    private long sequence;

    /** @param backoff the delays between questions about, and fetches of, a partition that keeps failing */
    public Positions(Backoff backoff) {
        this.backoff = backoff;
    }

    public @Nullable TrackedPartition get(TopicPartition partition) {
        return tracked.get(partition);
    }

    public Collection<TrackedPartition> all() {
        return tracked.values();
    }

    /**
     * Counts invalidations: data asked for now may be used while {@link TrackedPartition#validSince} holds for this
     * count.
     */
    public long sequence() {
        return sequence;
    }

    // What the application does.

    /**
     * Replaces the assignment. Partitions that stay keep their positions; one whose generation is another was revoked
     * and assigned again in between, so it starts anew.
     *
     * @param generations the generation of each assigned partition
     * @param start where new partitions begin
     * @return the partitions that are assigned no more, or not any more as they were
     */
    public List<TrackedPartition> assign(Map<TopicPartition, Long> generations, ResetStrategy start) {
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
                TrackedPartition added =
                        new TrackedPartition(partition, generation, new PositionState.Resetting(start), ++sequence);
                tracked.put(partition, added);
                needingLookup.add(added);
            }
        });
        return revoked;
    }

    /** The application seeks to an offset; one with a leader epoch is validated before it is fetched from. */
    public void seek(
            TrackedPartition partition, long generation, FetchPosition position, Uuid topicId, int leaderEpoch) {
        partition.topic.validate(topicId, leaderEpoch);
        seek(partition, generation, validatedFirst(position));
    }

    /** The application seeks to wherever the strategy finds. */
    public void seek(TrackedPartition partition, long generation, ResetStrategy strategy) {
        seek(partition, generation, new PositionState.Resetting(strategy));
    }

    private void seek(TrackedPartition partition, long generation, PositionState next) {
        partition.enterGeneration(generation);
        partition.topic.restart();
        partition.losses.clear();
        become(partition, next);
    }

    public void pause(TrackedPartition partition, boolean pause) {
        partition.pause(pause);
    }

    /**
     * The application has released what was delivered, and the news of another topic with it: reading of that begins
     * again. A look-up is made again, and a halt stays one.
     *
     * @param yielded where reading of the old topic stopped
     */
    public void restartTopic(TrackedPartition partition, Yielded yielded) {
        partition.topic.stopAt(yielded.topicId(), yielded.position());
        partition.enterGeneration(yielded.generation());
        FetchPosition beginning = partition.position() == null ? null : partition.topic.beginning();
        become(partition, beginning == null ? partition.state() : new PositionState.Fetching(beginning));
    }

    // What brokers say.

    /** A broker's word takes the position away; it is looked up anew. */
    public void reset(TrackedPartition partition, ResetStrategy strategy) {
        become(partition, new PositionState.Resetting(strategy));
    }

    /** The position is known, and good for this topic and leader epoch. */
    public void startFetching(TrackedPartition partition, FetchPosition position, Uuid topicId, int leaderEpoch) {
        partition.topic.validate(topicId, leaderEpoch);
        become(partition, new PositionState.Fetching(position));
    }

    /** Reading goes on where it stopped; a position with a known epoch is validated first. */
    public void resume(TrackedPartition partition, FetchPosition position, Uuid topicId, int leaderEpoch) {
        partition.topic.validate(topicId, leaderEpoch);
        become(partition, validatedFirst(position));
    }

    private static PositionState validatedFirst(FetchPosition position) {
        boolean validate = position.offsetEpoch() >= 0;
        return validate ? new PositionState.Validating(position) : new PositionState.Fetching(position);
    }

    /** The partition goes on only when the application seeks. */
    public void halt(TrackedPartition partition, PositionState.Halted halted) {
        become(partition, halted);
    }

    /** Moves the fetch position behind data that was taken over. */
    public void advance(TrackedPartition partition, FetchPosition next) {
        partition.current.advance(next);
    }

    /** A broker has served the partition: its topic exists, and its failures are over. */
    public void confirmServed(TrackedPartition partition) {
        partition.retry.succeed();
        partition.topic.confirm();
        partition.losses.endRow();
    }

    /**
     * Takes note of who leads the partition now. A position with a known epoch is validated when the leader epoch is
     * new.
     *
     * @param topicId the topic's id by the newest metadata, or {@link Uuid#ZERO_UUID}
     * @throws IllegalArgumentException if that is another topic, in which the position means nothing: see {@link
     *     #moveToTopic}
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
            // Whoever was asked to validate leads no longer, or not under that epoch.
            become(partition, partition.state());
        } else if (leaderEpoch >= 0 && !partition.topic.isValidatedFor(leaderEpoch)) {
            if (position.offsetEpoch() >= 0) {
                become(partition, new PositionState.Validating(position));
            } else {
                partition.topic.validate(topicId.equals(Uuid.ZERO_UUID) ? partition.topicId() : topicId, leaderEpoch);
            }
        }
    }

    /**
     * The name stands for another topic now; {@link TrackedPartition#stoppedAt} then says whether that was read before.
     */
    public void moveToTopic(TrackedPartition partition, Uuid otherTopicId) {
        partition.topic.moveTo(otherTopicId, partition.position());
    }

    /** Keeps a position back from the application until a broker has served the topic. */
    public void holdBack(TrackedPartition partition, FetchPosition position) {
        partition.topic.holdBack(position);
    }

    /** Notes that this position is on its way to the application. */
    public void recordDelivered(TrackedPartition partition, FetchPosition position) {
        partition.topic.deliver(position);
    }

    /** Notes which position was lost, to be reported when it is known where reading goes on. */
    public void recordLoss(TrackedPartition partition, PositionLoss loss) {
        partition.losses.record(loss);
    }

    /** As {@link #recordLoss}, of a position that was out of range. */
    public void recordOutOfRange(TrackedPartition partition, PositionLoss loss) {
        partition.losses.recordOutOfRange(loss);
    }

    /** The loss that was noted is reported. */
    public void clearLoss(TrackedPartition partition) {
        partition.losses.clear();
    }

    // Look-ups and back-off.

    /** Whether the position of any partition is to be looked up or validated, now or after a back-off. */
    public boolean anyNeedsLookup() {
        return !needingLookup.isEmpty();
    }

    /** The partitions in this state about which a leader may be asked now, the longest in need of it first. */
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

    /** A look-up of this partition's position was sent. */
    public void sendLookup(TrackedPartition partition) {
        partition.retry.sendLookup();
    }

    /** Backs off after a failure, longer with each one in a row; no broker is asked for the partition meanwhile. */
    public void backOff(TrackedPartition partition, long nowNanos) {
        partition.retry.backOff(backoff, nowNanos);
        backingOff.add(partition);
    }

    /** Ends each back-off that has expired; returns their partitions, each once for each back-off. */
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

    /** When the next back-off expires, or {@link Long#MAX_VALUE}. */
    public long nextRetryNanos() {
        if (backingOff.isEmpty()) {
            return Long.MAX_VALUE;
        }
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
