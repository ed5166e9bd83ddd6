package dev.surefoot.testkit.simulation;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.testkit.simulation.check.DeliveryOracle;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.guard.GuardWatch;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.world.OneThread;
import dev.surefoot.testkit.simulation.world.Story;
import dev.surefoot.testkit.simulation.world.Troubles;
import dev.surefoot.testkit.simulation.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.jspecify.annotations.Nullable;

/**
 * The program that uses the consumer: it polls, and performs the acts of the application when the schedule says so.
 * Owned by its {@link Simulation}.
 */
final class Application {
    private static final long MICRO = 1_000L;
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final World world;
    private final OneThread threads;
    private final ConsumerRuntime<byte[], byte[]> consumer;
    private final DeliveryOracle deliveries;
    private final Story story;
    private final GuardWatch watch;
    private final Set<TopicPartition> assigned = new LinkedHashSet<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    /**
     * The position and leader epoch of each partition after the last poll that had records of it,
     * unless it was sought since.
     */
    private final Map<TopicPartition, OffsetAndMetadata> stored = new HashMap<>();

    private final int pollRecords;
    private long pauseBetweenPolls;
    private long awayUntil;

    Application(
            World world,
            OneThread threads,
            ConsumerRuntime<byte[], byte[]> consumer,
            GuardWatch watch,
            int pollRecords) {
        this.watch = watch;
        this.pollRecords = pollRecords;
        this.world = world;
        this.threads = threads;
        this.consumer = consumer;
        this.deliveries = world.deliveries();
        this.story = world.story();
    }

    /** Polls, or waits between polls, until this virtual time. */
    void liveUntil(long atNanos) {
        while (world.time().nanos() < atNanos) {
            long now = world.time().nanos();
            if (awayUntil > now) {
                threads.busyUntil(Math.min(awayUntil, atNanos));
                watch();
            } else {
                poll(Duration.ofNanos(atNanos - now));
                if (pauseBetweenPolls > 0) {
                    threads.busyUntil(Math.min(world.time().nanos() + pauseBetweenPolls, atNanos));
                }
            }
        }
    }

    /** The last steps of recovery. */
    List<RecoveryStep> recoverySteps() {
        return consumer.progress().recentSteps();
    }

    /** What the guard names for each partition that has not been read to its end. */
    Map<TopicPartition, Diagnosis> whyUnread() {
        Map<TopicPartition, Diagnosis> why = new LinkedHashMap<>();
        consumer.progress().snapshot().partitions().forEach((partition, progress) -> {
            if (!isRead(partition)) {
                why.put(partition, progress.why());
            }
        });
        return why;
    }

    void poll(Duration timeout) {
        ConsumerRecords<byte[], byte[]> records = pollOrSeek(timeout);
        if (records.count() > pollRecords) {
            throw new Violation("D3", records.count() + " records come at once, at most " + pollRecords + " may");
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            story.tell(() -> "application gets " + record.topic() + "-" + record.partition() + "@" + record.offset());
            deliveries.delivered(record);
        }
        records.nextOffsets().forEach((partition, next) -> {
            deliveries.positioned(partition, next.offset());
            stored.put(partition, next);
        });
        records.partitions().forEach(partition -> fitTogether(partition, records));
        watch();
    }

    private void watch() {
        watch.look(consumer.progress()::snapshot, assigned);
        watch.lookAtSteps(consumer.progress()::recentSteps);
    }

    /** Polls. Where a position is lost without a reset policy, it seeks to the start, as the exception asks for. */
    private ConsumerRecords<byte[], byte[]> pollOrSeek(Duration timeout) {
        try {
            return consumer.polling().poll(timeout);
        } catch (InvalidOffsetException e) {
            List.copyOf(e.partitions()).forEach(this::seekAfterLoss);
        } catch (UnknownTopicIdException e) {
            List.copyOf(assigned).stream()
                    .filter(deliveries::mayBeOfAnotherTopic)
                    .forEach(this::seekAfterLoss);
        }
        return ConsumerRecords.empty();
    }

    private void seekAfterLoss(TopicPartition partition) {
        story.tell(() -> "application has lost its position in " + partition);
        deliveries.lost(partition);
        seek(partition, new ResetStrategy.Earliest());
    }

    private void fitTogether(TopicPartition partition, ConsumerRecords<byte[], byte[]> records) {
        if (paused.contains(partition)) {
            throw new Violation("D3", "records of " + partition + " come, which is paused");
        }
        List<ConsumerRecord<byte[], byte[]>> ofPartition = records.records(partition);
        ConsumerRecord<byte[], byte[]> last = ofPartition.get(ofPartition.size() - 1);
        OffsetAndMetadata next = records.nextOffsets().get(partition);
        boolean isBehindLast = next != null
                && next.offset() > last.offset()
                && next.leaderEpoch().orElse(-1) >= last.leaderEpoch().orElse(-1);
        if (!isBehindLast && !(next != null && deliveries.mayGoBack(partition))) {
            throw new Violation(
                    "D3", "offset " + last.offset() + " of " + partition + " comes with the position " + next);
        }
    }

    /** Performs the event; returns whether it had an effect. */
    boolean perform(Event event) {
        TopicPartition partition = world.partition(event.partition());
        story.tell(() -> "application: " + event.act() + " " + partition + " " + event.amount());
        noteTrouble(event);
        boolean mine = assigned.contains(partition);
        switch (event.act()) {
            case SEEK -> {
                return mine && seek(partition, event.amount());
            }
            case SEEK_WHILE_SENDING ->
                world.wire().whileSending(() -> {
                    if (assigned.contains(partition)) {
                        seek(partition, event.amount());
                    }
                });
            case SEEK_TO_STORED -> {
                return mine && seekToStored(partition);
            }
            case POLL_WHILE_MEASURING -> world.wire().whileMeasuring(() -> poll(Duration.ZERO));
            case PREEMPTED -> threads.preempt(event.amount() * MICRO);
            case REASSIGN -> {
                return mine && reassign(partition);
            }
            case POLL_WHILE_SENDING -> world.wire().whileSending(() -> poll(Duration.ZERO));
            case SEEK_TO_BEGINNING -> {
                return mine && seek(partition, new ResetStrategy.Earliest());
            }
            case SEEK_TO_END -> {
                return mine && seek(partition, new ResetStrategy.Latest());
            }
            case PAUSE, RESUME -> {
                if (mine) {
                    pause(partition, event.act() == Act.PAUSE);
                }
                return mine;
            }
            case ASSIGN -> assign(event.amount());
            case POLL_SLOWLY -> pauseBetweenPolls = event.amount() * MICRO;
            case NO_POLL -> awayUntil = world.time().nanos() + event.amount() * MICRO;
            case ASK_PARTITIONS -> ask(() -> consumer.questions().partitionsFor(partition.topic(), PATIENCE));
            case ASK_END_OFFSETS -> ask(() -> consumer.questions().endOffsets(List.of(partition), PATIENCE));
            default -> throw new IllegalArgumentException("nothing that an application does: " + event.act());
        }
        return true;
    }

    private void noteTrouble(Event event) {
        Troubles troubles = world.troubles();
        troubles.note(event.act(), event.act() == Act.NO_POLL ? event.amount() * MICRO : 0);
        if (event.act() == Act.POLL_SLOWLY && event.amount() > 0) {
            troubles.lasts(Act.POLL_SLOWLY);
        } else if (event.act() == Act.POLL_SLOWLY) {
            troubles.ends(Act.POLL_SLOWLY);
        }
    }

    private void notePauses() {
        if (paused.isEmpty()) {
            world.troubles().ends(Act.PAUSE);
        } else {
            world.troubles().lasts(Act.PAUSE);
        }
    }

    private boolean seek(TopicPartition partition, long thousandths) {
        long offset = world.offsetAt(partition, thousandths);
        consumer.offsets().seek(partition, FetchPosition.at(offset));
        stored.remove(partition);
        deliveries.soughtTo(partition, offset);
        return true;
    }

    private boolean seek(TopicPartition partition, ResetStrategy strategy) {
        consumer.offsets().seek(List.of(partition), strategy);
        stored.remove(partition);
        if (strategy instanceof ResetStrategy.Latest) {
            deliveries.soughtToEnd(partition);
        } else {
            deliveries.soughtToBeginning(partition);
        }
        return true;
    }

    private boolean seekToStored(TopicPartition partition) {
        OffsetAndMetadata position = stored.get(partition);
        if (position == null || !deliveries.mayBeResumed(partition)) {
            return false;
        }
        consumer.offsets().seek(partition, FetchPosition.of(position.offset(), position.leaderEpoch()));
        return true;
    }

    /** Takes the first partition out of the assignment and assigns it again. */
    void reassignFirst() {
        reassign(assigned.iterator().next());
    }

    /** Pauses or resumes all partitions but the first. */
    void pauseAllButFirst(boolean pause) {
        assigned.stream().skip(1).forEach(partition -> pause(partition, pause));
    }

    /** Whether everything of the partitions that are not paused has been read. */
    boolean hasReadAllButPaused() {
        return assigned.stream()
                .filter(partition -> !paused.contains(partition))
                .allMatch(this::isRead);
    }

    private void pause(TopicPartition partition, boolean pause) {
        if (pause) {
            consumer.assignments().pause(List.of(partition));
            paused.add(partition);
        } else {
            consumer.assignments().resume(List.of(partition));
            paused.remove(partition);
        }
        notePauses();
    }

    private boolean reassign(TopicPartition partition) {
        List<TopicPartition> before = List.copyOf(assigned);
        assign(before.stream().filter(other -> !other.equals(partition)).toList());
        assign(before);
        return true;
    }

    private void assign(long bits) {
        List<TopicPartition> some = new ArrayList<>();
        for (int i = 0; i < world.partitions().size(); i++) {
            if ((bits >>> i & 1) != 0) {
                some.add(world.partition(i));
            }
        }
        assign(some.isEmpty() ? world.partitions() : some);
    }

    private void assign(List<TopicPartition> partitions) {
        assigned.clear();
        assigned.addAll(partitions);
        paused.retainAll(assigned);
        notePauses();
        stored.keySet().retainAll(assigned);
        consumer.assignments().assign(assigned);
        deliveries.assigned(assigned);
    }

    /** Asks the cluster, and accepts a time-out: an unreachable broker is no fault of the consumer. */
    private static void ask(Runnable question) {
        try {
            question.run();
        } catch (TimeoutException e) {
            // The question was asked while faults were active.
        }
    }

    void assignAll() {
        assign(new ArrayList<>(world.partitions()));
    }

    /** Assigns and resumes all partitions, and polls without pauses from here on. */
    void settle() {
        awayUntil = 0;
        pauseBetweenPolls = 0;
        world.troubles().ends(Act.POLL_SLOWLY);
        assignAll();
        List.copyOf(assigned).forEach(partition -> pause(partition, false));
    }

    void close(Duration timeout) {
        world.wire().whileSending(null);
        world.wire().whileMeasuring(null);
        consumer.close(timeout);
    }

    /** Whether all partitions have been read to their ends. */
    boolean hasReadEverything() {
        return assigned.stream().allMatch(this::isRead);
    }

    /** Returns whether every partition has delivered a record that was written after this one. */
    boolean hasHeardOfAllSince(long writeId) {
        return assigned.stream().allMatch(partition -> deliveries.hasHeardSince(partition, writeId));
    }

    private boolean isRead(TopicPartition partition) {
        return deliveries.isRead(partition, this::position);
    }

    private long position(TopicPartition partition) {
        try {
            return consumer.offsets().position(partition, Duration.ZERO);
        } catch (InvalidOffsetException e) {
            List.copyOf(e.partitions()).forEach(this::seekAfterLoss);
            return -1;
        } catch (UnknownTopicIdException | TimeoutException e) {
            return -1;
        }
    }

    /**
     * Seeks all partitions to their ends, which must be found in time; returns the first one whose end was not found,
     * or null.
     */
    @Nullable TopicPartition findEnds(Duration within) {
        for (TopicPartition partition : assigned) {
            seek(partition, new ResetStrategy.Latest());
        }
        for (TopicPartition partition : assigned) {
            try {
                consumer.offsets().position(partition, within);
            } catch (TimeoutException e) {
                return partition;
            }
        }
        return null;
    }

    /** Returns the partitions that have not been read to their ends, with their positions. */
    List<String> unread() {
        List<String> unread = new ArrayList<>();
        for (TopicPartition partition : assigned) {
            if (!isRead(partition)) {
                unread.add(deliveries.standing(partition));
            }
        }
        return unread;
    }
}
