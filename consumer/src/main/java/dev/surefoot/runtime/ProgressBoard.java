package dev.surefoot.runtime;

import dev.surefoot.core.delivery.LaneView;
import dev.surefoot.core.guard.ApplicationView;
import dev.surefoot.core.guard.ConsumerFinding;
import dev.surefoot.core.guard.Finding;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.progress.RecoveryStep;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each assigned partition, for any thread to read without waiting: also while the loop is stuck or
 * dead. It has two halves of each partition, which are immutable values: how far the application has read, written by
 * the application's thread, and what the guard has found, written by the loop's.
 */
final class ProgressBoard implements ApplicationView {
    /** The two halves of one partition. */
    static final class Cell {
        private volatile @Nullable Reading reading;
        private volatile @Nullable Finding finding;
        /** How many records were taken; written by the application's thread. */
        private long records;

        @Nullable Reading reading() {
            return reading;
        }

        @Nullable Finding finding() {
            return finding;
        }
    }

    /** A record that a deserializer has refused. */
    private record Refused(TopicPartition partition, long offset) {}

    /** From so many refused records on, more of them say nothing new. */
    private static final int REFUSALS_MAX = 64;

    /** How many steps of recovery are remembered. */
    private static final int STEPS_MAX = 256;

    private final PollTimes polls;
    private final Map<TopicPartition, Cell> cells = new ConcurrentHashMap<>();
    private volatile List<RecoveryStep> steps = List.of();
    private volatile Set<TopicPartition> assignment = Set.of();
    private volatile @Nullable ConsumerFinding consumer;
    /** The records that deserializers have refused since one was taken, at most so many as are of interest. */
    private final Set<Refused> refused = new HashSet<>();

    private volatile int refusals;

    /** @param polls when the application is in poll */
    ProgressBoard(PollTimes polls) {
        this.polls = polls;
    }

    // Written by the application's thread.

    void assigned(Collection<TopicPartition> partitions) {
        assignment = Set.copyOf(partitions);
        cells.keySet().retainAll(assignment);
    }

    /** @param byReading whether the application has read records or passed over some */
    void read(LaneView lane, boolean byReading) {
        Cell cell = cell(lane.partition());
        countRefusal(lane);
        FetchPosition position = lane.position();
        long offset = position == null ? -1 : position.offset();
        Reading last = cell.reading;
        boolean isSame = last != null && last.generation() == lane.generation();
        long advances = last == null || !isSame ? 0 : last.advances();
        boolean advanced = byReading && (last == null || !isSame || offset > last.offset());
        cell.reading = new Reading(
                lane.generation(),
                offset,
                lane.readiness(),
                lane.failure(),
                lane.lastRecord(),
                advanced ? advances + 1 : advances,
                cell.records);
    }

    /** The application has taken records of a partition. */
    void taken(TopicPartition partition, int records) {
        cell(partition).records += records;
        if (!refused.isEmpty()) {
            refused.clear();
            refusals = 0;
        }
    }

    /** A record that is refused again and again counts once. */
    private void countRefusal(LaneView lane) {
        if (refused.size() < REFUSALS_MAX && lane.failure() instanceof RecordDeserializationException refusal) {
            refused.add(new Refused(refusal.topicPartition(), refusal.offset()));
            refusals = refused.size();
        }
    }

    // Written by the loop's thread.

    /** Takes over a finding of an assigned partition; returns the one before, or null if there is none. */
    @Nullable Finding publish(Finding finding) {
        Cell cell = cell(finding.partition());
        Finding before = cell.finding;
        cell.finding = finding;
        return before;
    }

    void add(List<RecoveryStep> ended) {
        if (!ended.isEmpty()) {
            List<RecoveryStep> all = new ArrayList<>(steps);
            all.addAll(ended);
            steps = List.copyOf(all.subList(Math.max(0, all.size() - STEPS_MAX), all.size()));
        }
    }

    void publish(@Nullable ConsumerFinding found) {
        consumer = found;
    }

    private Cell cell(TopicPartition partition) {
        return cells.computeIfAbsent(partition, name -> new Cell());
    }

    // Read by any thread.

    /** The last steps of recovery that have ended, the earliest first. */
    List<RecoveryStep> steps() {
        return steps;
    }

    Set<TopicPartition> assignment() {
        return assignment;
    }

    boolean isAssigned(TopicPartition partition) {
        return assignment.contains(partition);
    }

    /** Whether a partition of the topic is assigned. */
    boolean isAssigned(String topic) {
        return assignment.stream().anyMatch(partition -> partition.topic().equals(topic));
    }

    /** The methods that the thread is in that was in poll last, innermost first. */
    List<String> applicationFrames() {
        return Frames.of(polls.thread());
    }

    /** What was found of the consumer as a whole, or null if that is nothing yet. */
    @Nullable ConsumerFinding consumer() {
        return consumer;
    }

    /** What is known of the partition, or null if that is nothing yet. */
    @Nullable Cell of(TopicPartition partition) {
        return cells.get(partition);
    }

    @Override
    public boolean isInPoll() {
        return polls.isInside();
    }

    @Override
    public long crossings() {
        return polls.crossings();
    }

    @Override
    public int refusals() {
        return refusals;
    }

    @Override
    public @Nullable Reading reading(TopicPartition partition) {
        Cell cell = cells.get(partition);
        return cell == null ? null : cell.reading;
    }
}
