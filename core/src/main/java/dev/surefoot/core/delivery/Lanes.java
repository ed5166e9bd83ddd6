package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * All assigned partitions on the application's side: generations, consumed positions and lanes of deliveries. Lanes are
 * read in turn, so that no partition delays the others for long. Owned by the application's thread.
 *
 * <p>{@link #offer} adds what the loop has delivered, {@link #poll} reads it, and {@link #tellChanges} then reports to
 * the listener. Methods that take a partition throw {@link IllegalStateException} if it is not assigned, but for {@link
 * #offer}.
 */
public final class Lanes {

    /** Takes the record that a cursor is at for the application, as an object or by a visitor. */
    public interface RecordTaker {
        /**
         * Takes one record. It may seek, pause or assign; reading of this partition then ends.
         *
         * @throws RuntimeException or anything else, if the record cannot be taken; the position does not move, and the
         *     record comes again in the next poll
         */
        void take(TopicPartition partition, RecordCursor record);

        /** Whether the poll is to end after the record that was taken last. */
        default boolean hasEnough() {
            return false;
        }

        /**
         * Learns what has come of the record that {@link #take} has refused.
         *
         * @param failure what poll throws for it, or null if the record was passed over
         */
        default void passedOver(@Nullable Throwable failure) {}
    }

    private final ReadAhead readAhead;
    private final ReadingListener listener;
    private final BadUnits badUnits;
    private final LaneReader reader;
    private final Map<TopicPartition, Lane> lanes = new LinkedHashMap<>();
    /** The queue of lanes to read. A set, since a lane may leave it from any place. */
    private final Set<Lane> inTurn = new LinkedHashSet<>();

    /** The topics whose partitions are read, or null for all. */
    private @Nullable Set<String> topicsRead;

    private long generations;
    private final Set<TopicPartition> advanced = new LinkedHashSet<>();
    /** The lanes to report to the listener. */
    private final ArrayDeque<Lane> changed = new ArrayDeque<>();

    /** Creates lanes without decompression ahead and without a listener. */
    public Lanes(boolean readCommitted, boolean checkCrcs, Decompressor decompressor) {
        this(readCommitted, checkCrcs, decompressor, ReadAhead.NONE);
    }

    /** Creates lanes without a listener. */
    public Lanes(boolean readCommitted, boolean checkCrcs, Decompressor decompressor, ReadAhead readAhead) {
        this(readCommitted, checkCrcs, decompressor, readAhead, ReadingListener.NONE);
    }

    /** Creates lanes that pass over nothing that cannot be read. */
    public Lanes(
            boolean readCommitted,
            boolean checkCrcs,
            Decompressor decompressor,
            ReadAhead readAhead,
            ReadingListener listener) {
        this(readCommitted, checkCrcs, decompressor, readAhead, listener, BadUnitPolicy.FAIL);
    }

    /**
     * @param readCommitted whether to pass over aborted transactions
     * @param checkCrcs whether to verify checksums
     * @param readAhead decompresses batches ahead, with the same choice of {@code checkCrcs}
     * @param policy whether to pass over what cannot be read
     */
    public Lanes(
            boolean readCommitted,
            boolean checkCrcs,
            Decompressor decompressor,
            ReadAhead readAhead,
            ReadingListener listener,
            BadUnitPolicy policy) {
        this.readAhead = readAhead;
        this.listener = listener;
        this.badUnits = new BadUnits(policy, readCommitted, () -> ++generations);
        this.reader = new LaneReader(readCommitted, checkCrcs, decompressor, badUnits, listener);
    }

    /** The assigned partitions, as a view that later assignments change. */
    public Set<TopicPartition> assignment() {
        return lanes.keySet();
    }

    /**
     * Replaces the assignment. Partitions that stay keep their lanes.
     *
     * @return the generation of each assigned partition
     */
    public Map<TopicPartition, Long> assign(Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = new LinkedHashSet<>(lanes.keySet());
        partitions.forEach(gone::remove);
        for (TopicPartition partition : gone) {
            Lane lane = Objects.requireNonNull(lanes.remove(partition));
            lane.restart(++generations, null);
            dequeue(lane);
            advanced.remove(partition);
            badUnits.forget(partition);
        }
        for (TopicPartition partition : partitions) {
            lanes.computeIfAbsent(partition, name -> new Lane(name, ++generations, readAhead, listener))
                    .leaveUnread(!isRead(partition));
        }
        return lanes.values().stream().collect(Collectors.toMap(Lane::partition, Lane::generation));
    }

    /**
     * Moves a partition, and drops its deliveries.
     *
     * @param position the new consumed position, or null if the loop is to find it
     * @return the partition's new generation
     */
    public long seek(TopicPartition partition, @Nullable FetchPosition position) {
        Lane lane = lane(partition);
        lane.restart(++generations, position);
        badUnits.forget(partition);
        dequeue(lane);
        markChanged(lane, false);
        return lane.generation();
    }

    /**
     * Drops the deliveries of a partition that is about to leave the assignment, and gives no more records of it. Its
     * consumed position stays; one that is still being looked up may arrive.
     */
    public void withhold(TopicPartition partition) {
        Lane lane = lane(partition);
        lane.withhold();
        FetchPosition position = lane.position();
        if (position == null) {
            dequeue(lane);
        } else {
            seek(partition, position);
        }
    }

    /**
     * Gives records of these topics only, from the next poll on. Deliveries of other assigned partitions stay in their
     * lanes, and are read when their topics are again.
     *
     * @param topics null for all
     */
    public void readOnly(@Nullable Set<String> topics) {
        topicsRead = topics == null ? null : Set.copyOf(topics);
        for (Lane lane : lanes.values()) {
            boolean read = isRead(lane.partition());
            lane.leaveUnread(!read);
            if (read) {
                enqueue(lane);
            } else {
                dequeue(lane);
            }
        }
    }

    private boolean isRead(TopicPartition partition) {
        return topicsRead == null || topicsRead.contains(partition.topic());
    }

    /** Pauses or resumes reading of a partition. Its deliveries stay in its lane. */
    public void pause(TopicPartition partition, boolean pause) {
        Lane lane = lane(partition);
        lane.pause(pause);
        if (pause) {
            dequeue(lane);
        } else {
            enqueue(lane);
        }
    }

    /** The partitions that the application has paused, as a copy. */
    public Set<TopicPartition> paused() {
        return lanes.values().stream().filter(Lane::paused).map(Lane::partition).collect(Collectors.toSet());
    }

    /** Whether the partition has a delivery for the application to read, or why not. */
    public LaneReadiness readiness(TopicPartition partition) {
        return lane(partition).readiness();
    }

    /** The consumed position, or null while it is being looked up. */
    public @Nullable FetchPosition position(TopicPartition partition) {
        return lane(partition).position();
    }

    /**
     * Throws the failure for which the partition has no position, if there is one. A failure that is not lasting is
     * removed.
     *
     * @throws KafkaException that failure
     */
    public void throwIfUnpositioned(TopicPartition partition) {
        Lane lane = lane(partition);
        if (lane.position() == null && lane.failed()) {
            throw takeFailure(lane);
        }
    }

    /** The last watermarks that a fetch answer brought; each is -1 while not known. */
    public Watermarks watermarks(TopicPartition partition) {
        return lane(partition).watermarks();
    }

    /** Adds a delivery of the loop. One for a partition that is not assigned is dropped and its memory released. */
    public void offer(Delivery delivery) {
        Lane lane = lanes.get(delivery.partition());
        if (lane != null) {
            lane.offer(delivery);
            enqueue(lane);
            markChanged(lane, false);
        } else {
            DeliveryQueue.releaseUnread(delivery, listener);
        }
    }

    private void markChanged(Lane lane, boolean byReading) {
        if (lane.markChanged(byReading)) {
            changed.add(lane);
        }
    }

    /**
     * Reports to the listener each assigned partition whose position or watermarks have changed since the last call.
     */
    public void tellChanges() {
        for (Lane lane = changed.poll(); lane != null; lane = changed.poll()) {
            if (lanes.containsKey(lane.partition())) {
                lane.reportChange();
            }
        }
    }

    private void enqueue(Lane lane) {
        if (lane.mayBeRead()) {
            inTurn.add(lane);
        }
    }

    private void dequeue(Lane lane) {
        inTurn.remove(lane);
    }

    /**
     * Takes up to {@code most} records, lane by lane. A failure in a lane, or an error that a record causes, is thrown
     * only if no record was taken before; otherwise the next poll throws it. A lane that has thrown moves to the end of
     * the queue, so that the others are read. The poll ends early when the taker has enough. It also ends early, with a
     * partition in {@link #takeAdvanced}, when a lane has passed over many bytes without a record for the application.
     *
     * @return the number of records taken
     */
    public int poll(int most, RecordTaker taker) {
        int taken = 0;
        while (taken < most && !inTurn.isEmpty()) {
            Lane lane = inTurn.iterator().next();
            if (lane.failed() && taken == 0) {
                throw takeFailure(lane);
            }
            if (lane.failed()) {
                break;
            }
            LaneReader.Reading reading = read(lane, most - taken, taker);
            taken += reading.records();
            if (reading.trouble() != null && taken == 0) {
                rotate(lane);
                reading.throwTrouble();
            }
            if (lane.failed() || reading.trouble() != null || reading.hasPaused() || taker.hasEnough()) {
                break;
            }
        }
        return taken;
    }

    /** Returns the lane's failure, and removes it unless it is lasting. A lane that is then empty leaves the queue. */
    private KafkaException takeFailure(Lane lane) {
        KafkaException failure = lane.failure();
        lane.endPassingFailure();
        rotate(lane);
        return failure;
    }

    private LaneReader.Reading read(Lane lane, int most, RecordTaker taker) {
        markChanged(lane, true);
        LaneReader.Reading reading = reader.read(lane, most, taker);
        if (reading.hasMovedOn() && lanes.containsKey(lane.partition())) {
            moveOn(lane);
        } else if (!lane.mayBeRead() || lane.isProbing()) {
            rotate(lane);
        }
        return reading;
    }

    /** Records that a delivery of the lane was read to its end, reading has paused, or a unit was passed over. */
    private void moveOn(Lane lane) {
        advanced.add(lane.partition());
        rotate(lane);
    }

    private void rotate(Lane lane) {
        dequeue(lane);
        enqueue(lane);
    }

    /**
     * Returns and clears the partitions in which a delivery was read to its end, or reading has paused, since the last
     * call. Their positions have moved even if no record was taken.
     */
    public Set<TopicPartition> takeAdvanced() {
        Set<TopicPartition> moved = advanced.isEmpty() ? Set.of() : Set.copyOf(advanced);
        advanced.clear();
        return moved;
    }

    /**
     * Removes and returns where partitions are to be fetched from, because a batch of theirs cannot be read: behind it,
     * or once more. The consumed position may be another one.
     */
    public Map<TopicPartition, Yielded> takeToFetch() {
        return badUnits.takeToFetch();
    }

    /**
     * Empties the lanes that wait for the application to resume or seek past an error, because other partitions need
     * their memory. The data is fetched again from the consumed positions. Does nothing while another lane can be read,
     * as that will release memory.
     *
     * @return the position and new generation of each lane that was emptied
     */
    public Map<TopicPartition, Yielded> yieldBlocked() {
        boolean othersReady = inTurn.stream().anyMatch(lane -> !lane.blocked() && !lane.failed());
        if (othersReady) {
            return Map.of();
        }
        Map<TopicPartition, Yielded> emptied = new LinkedHashMap<>();
        for (Lane lane : lanes.values()) {
            FetchPosition position = lane.position();
            if (lane.blocked() && lane.canBeFetchedAgain() && position != null) {
                Uuid topicId = lane.topicId();
                dequeue(lane);
                lane.restart(++generations, position);
                emptied.put(lane.partition(), new Yielded(lane.generation(), position, topicId));
            }
        }
        return emptied;
    }

    /** Whether the partition is assigned, and this is its generation. */
    public boolean isOf(TopicPartition partition, long generation) {
        Lane lane = lanes.get(partition);
        return lane != null && lane.generation() == generation;
    }

    private Lane lane(TopicPartition partition) {
        Lane lane = lanes.get(partition);
        if (lane == null) {
            throw new IllegalStateException("No current assignment for partition " + partition);
        }
        return lane;
    }
}
