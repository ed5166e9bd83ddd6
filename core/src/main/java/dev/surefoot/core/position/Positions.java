package dev.surefoot.core.position;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * All assigned partitions and their positions. Keeps the few that need a broker's word on their offset apart from the many
 * that do not, so that a turn costs nothing for the latter. Owned by the loop's thread.
 */
public final class Positions {
    private final Map<TopicPartition, TrackedPartition> tracked = new HashMap<>();
    private final Set<TrackedPartition> unresolved = new LinkedHashSet<>();
    private final Set<TrackedPartition> resting = new LinkedHashSet<>();
    private final Backoff backoff;
    private long sequence;

    /** @param backoff the pace of questions about, and fetches of, a partition that keeps failing */
    public Positions(Backoff backoff) {
        this.backoff = backoff;
    }

    public @Nullable TrackedPartition get(TopicPartition partition) {
        return tracked.get(partition);
    }

    public Collection<TrackedPartition> all() {
        return tracked.values();
    }

    /** Counts invalidations: data asked for now may be used while {@link TrackedPartition#validSince} holds for this count. */
    public long sequence() {
        return sequence;
    }

    /**
     * Replaces the assignment. Partitions that stay keep their positions; one whose generation is another was revoked and
     * assigned again in between, so it starts anew.
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
                unresolved.remove(partition);
                resting.remove(partition);
                revoked.add(partition);
            }
        }
        generations.forEach((partition, generation) -> {
            if (!tracked.containsKey(partition)) {
                TrackedPartition added =
                        new TrackedPartition(partition, generation, new PositionState.Resetting(start), ++sequence);
                tracked.put(partition, added);
                unresolved.add(added);
            }
        });
        return revoked;
    }

    /** The application seeks to an offset; one with a leader epoch is validated before it is fetched from. */
    public void seek(
            TrackedPartition partition, long generation, FetchPosition position, Uuid topicId, int leaderEpoch) {
        boolean validate = position.offsetEpoch() >= 0;
        partition.validFor(topicId, leaderEpoch);
        partition.sought(
                generation,
                validate ? new PositionState.Validating(position) : new PositionState.Fetching(position),
                ++sequence);
        classify(partition);
    }

    /** The application seeks to wherever the strategy finds. */
    public void seek(TrackedPartition partition, long generation, ResetStrategy strategy) {
        partition.sought(generation, new PositionState.Resetting(strategy), ++sequence);
        classify(partition);
    }

    public void pause(TrackedPartition partition, boolean pause) {
        partition.pause(pause);
    }

    /** A broker's word takes the position away; it is looked up anew. */
    public void reset(TrackedPartition partition, ResetStrategy strategy) {
        become(partition, new PositionState.Resetting(strategy));
    }

    /** The position is known, and good for this topic and leader epoch. */
    public void settle(TrackedPartition partition, FetchPosition position, Uuid topicId, int leaderEpoch) {
        partition.validFor(topicId, leaderEpoch);
        become(partition, new PositionState.Fetching(position));
    }

    /** Reading goes on where it was left; a position with a known epoch is validated first. */
    public void resume(TrackedPartition partition, FetchPosition position, Uuid topicId, int leaderEpoch) {
        partition.validFor(topicId, leaderEpoch);
        boolean validate = position.offsetEpoch() >= 0;
        become(partition, validate ? new PositionState.Validating(position) : new PositionState.Fetching(position));
    }

    /**
     * The application has let go of what was delivered, and of the news of another topic with it: reading of that begins
     * again. A lookup is made again, and a halt stays one.
     */
    public void renew(TrackedPartition partition, long generation) {
        FetchPosition beginning = partition.position() == null ? null : partition.beginning();
        PositionState state = beginning == null ? partition.state() : new PositionState.Fetching(beginning);
        partition.renewed(generation, state, ++sequence);
        classify(partition);
    }

    /** The partition goes on only when the application seeks. */
    public void halt(TrackedPartition partition, PositionState.Halted halted) {
        become(partition, halted);
    }

    /** Moves the fetch position behind data that was taken over. */
    public void advance(TrackedPartition partition, FetchPosition next) {
        partition.advance(next);
    }

    /**
     * Takes note of who leads the partition now. A position with a known epoch is validated when the leader epoch is new.
     *
     * @param topicId the topic's id by the newest metadata
     * @return false if the topic is another one of the same name, so that the position means nothing any more
     */
    public boolean leaderChanged(TrackedPartition partition, Uuid topicId, int leaderEpoch) {
        PositionState state = partition.state();
        FetchPosition position = partition.position();
        Uuid before = partition.topicId();
        if (!before.equals(Uuid.ZERO_UUID) && !topicId.equals(Uuid.ZERO_UUID) && !before.equals(topicId)) {
            return false;
        }
        if (position == null) {
            return true;
        }
        if (state instanceof PositionState.Validating) {
            // Whoever was asked leads no longer, or not under that epoch.
            become(partition, state);
        } else if (leaderEpoch >= 0 && !partition.isValidFor(leaderEpoch)) {
            if (position.offsetEpoch() >= 0) {
                become(partition, new PositionState.Validating(position));
            } else {
                partition.validFor(topicId.equals(Uuid.ZERO_UUID) ? before : topicId, leaderEpoch);
            }
        }
        return true;
    }

    /** Lets a partition rest after a failure, longer with each one in a row; no broker is asked for it meanwhile. */
    public void rest(TrackedPartition partition, long nowNanos) {
        partition.asking(false);
        partition.restUntil(nowNanos + backoff.delayNanos(partition.failedAgain()));
        resting.add(partition);
    }

    /** The partitions whose rest is over, which are no longer resting by this call. */
    public List<TrackedPartition> rested(long nowNanos) {
        if (resting.isEmpty()) {
            return List.of();
        }
        List<TrackedPartition> rested = resting.stream()
                .filter(partition -> partition.notBefore() <= nowNanos)
                .toList();
        rested.forEach(resting::remove);
        return rested;
    }

    /** When the next rest is over, or {@link Long#MAX_VALUE}. */
    public long nextRested() {
        long next = Long.MAX_VALUE;
        for (TrackedPartition partition : resting) {
            next = Math.min(next, partition.notBefore());
        }
        return next;
    }

    /** The partitions in a state of this kind about which a broker may be asked now. */
    public List<TrackedPartition> toAsk(Class<? extends PositionState> kind, long nowNanos) {
        if (unresolved.isEmpty()) {
            return List.of();
        }
        Predicate<TrackedPartition> askable = partition -> kind.isInstance(partition.state())
                && !partition.lookupOutstanding()
                && partition.notBefore() <= nowNanos;
        return unresolved.stream().filter(askable).toList();
    }

    /** Marks that a broker is being asked about this partition. */
    public void asking(TrackedPartition partition) {
        partition.asking(true);
    }

    private void become(TrackedPartition partition, PositionState next) {
        partition.become(next, ++sequence);
        classify(partition);
    }

    private void classify(TrackedPartition partition) {
        PositionState state = partition.state();
        boolean needsAnswer = state instanceof PositionState.Resetting || state instanceof PositionState.Validating;
        if (needsAnswer) {
            unresolved.add(partition);
        } else {
            unresolved.remove(partition);
        }
        resting.remove(partition);
    }
}
