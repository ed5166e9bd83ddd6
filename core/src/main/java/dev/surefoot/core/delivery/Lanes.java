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
 * All assigned partitions as the application sees them: generations, consumed positions, and fetched data in lanes that
 * are read in turn, so that no partition keeps another waiting. Owned by the application's thread.
 */
public final class Lanes {

    /** Turns the record that a cursor is at into whatever the application polls for. */
    public interface RecordTaker {
        /**
         * Takes one record. It may seek, pause or assign meanwhile: reading of this partition ends then.
         *
         * @throws RuntimeException if the record cannot be taken; it comes again in the next poll, and the position
         *     stays
         */
        void take(TopicPartition partition, RecordCursor record);

        /** Whether the poll is to end behind the record that was taken last. */
        default boolean hasEnough() {
            return false;
        }
    }

    private final boolean readCommitted;
    private final boolean checkCrcs;
    private final Decompressor decompressor;
    private final ReadAhead readAhead;
    private final ReadingListener listener;
    private final Map<TopicPartition, Lane> lanes = new LinkedHashMap<>();
    /** The queue of lanes that have something for the application; a lane may leave it from anywhere. */
    private final Set<Lane> inTurn = new LinkedHashSet<>();

    private long generations;
    private final Set<TopicPartition> advanced = new LinkedHashSet<>();
    /** The lanes to tell the listener of. */
    private final ArrayDeque<Lane> changed = new ArrayDeque<>();

    /** Lanes of which nothing is decompressed ahead. */
    public Lanes(boolean readCommitted, boolean checkCrcs, Decompressor decompressor) {
        this(readCommitted, checkCrcs, decompressor, ReadAhead.NONE);
    }

    /** Lanes that nobody listens to. */
    public Lanes(boolean readCommitted, boolean checkCrcs, Decompressor decompressor, ReadAhead readAhead) {
        this(readCommitted, checkCrcs, decompressor, readAhead, ReadingListener.NONE);
    }

    /** @param readAhead has to make the same choice about checksums */
    public Lanes(
            boolean readCommitted,
            boolean checkCrcs,
            Decompressor decompressor,
            ReadAhead readAhead,
            ReadingListener listener) {
        this.readCommitted = readCommitted;
        this.checkCrcs = checkCrcs;
        this.decompressor = decompressor;
        this.readAhead = readAhead;
        this.listener = listener;
    }

    public Set<TopicPartition> assignment() {
        return lanes.keySet();
    }

    /**
     * Replaces the assignment; partitions that stay keep their lanes. Returns the generation of each assigned
     * partition.
     */
    public Map<TopicPartition, Long> assign(Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = new LinkedHashSet<>(lanes.keySet());
        partitions.forEach(gone::remove);
        for (TopicPartition partition : gone) {
            Lane lane = Objects.requireNonNull(lanes.remove(partition));
            lane.restart(++generations, null);
            dequeue(lane);
            advanced.remove(partition);
        }
        for (TopicPartition partition : partitions) {
            lanes.computeIfAbsent(partition, name -> new Lane(name, ++generations, readAhead, listener));
        }
        return lanes.values().stream().collect(Collectors.toMap(Lane::partition, Lane::generation));
    }

    /**
     * Moves a partition: what was fetched for its old position is dropped.
     *
     * @param position where to, or null if the loop is to find it
     * @return the partition's new generation
     */
    public long seek(TopicPartition partition, @Nullable FetchPosition position) {
        Lane lane = lane(partition);
        lane.restart(++generations, position);
        dequeue(lane);
        markChanged(lane, false);
        return lane.generation();
    }

    public void pause(TopicPartition partition, boolean pause) {
        Lane lane = lane(partition);
        lane.pause(pause);
        if (pause) {
            dequeue(lane);
        } else {
            enqueue(lane);
        }
    }

    public Set<TopicPartition> paused() {
        return lanes.values().stream().filter(Lane::paused).map(Lane::partition).collect(Collectors.toSet());
    }

    /** Whether the partition has something for the application to read, or why not. */
    public LaneReadiness readiness(TopicPartition partition) {
        return lane(partition).readiness();
    }

    /** The consumed position, or null while it is being looked up. */
    public @Nullable FetchPosition position(TopicPartition partition) {
        return lane(partition).position();
    }

    /**
     * Throws the failure that stands where the partition's position should be; one that does not last is over by that.
     *
     * @throws KafkaException that failure
     */
    public void throwIfUnpositioned(TopicPartition partition) {
        Lane lane = lane(partition);
        if (lane.position() == null && lane.failed()) {
            throw takeFailure(lane);
        }
    }

    public Watermarks watermarks(TopicPartition partition) {
        return lane(partition).watermarks();
    }

    /** Takes in what the loop has delivered. */
    public void offer(Delivery delivery) {
        Lane lane = lanes.get(delivery.partition());
        if (lane != null) {
            lane.offer(delivery);
            enqueue(lane);
            markChanged(lane, false);
        } else {
            Lane.releaseUnread(delivery, listener);
        }
    }

    private void markChanged(Lane lane, boolean byReading) {
        if (lane.markChanged(byReading)) {
            changed.add(lane);
        }
    }

    /** Tells the listener of every assigned partition whose position or watermarks have changed since the last call. */
    public void tellChanges() {
        for (Lane lane = changed.poll(); lane != null; lane = changed.poll()) {
            if (lanes.containsKey(lane.partition())) {
                lane.reportChange();
            }
        }
    }

    private void enqueue(Lane lane) {
        if (!lane.isEmpty() && !lane.paused()) {
            inTurn.add(lane);
        }
    }

    private void dequeue(Lane lane) {
        inTurn.remove(lane);
    }

    /**
     * Takes up to {@code most} records, lane by lane. An error that a lane has got to, or that a record causes, is
     * thrown only if nothing was taken before it; otherwise the next poll begins with it. A lane that has thrown goes
     * to the end of the queue, so that the others go on. It ends behind the record after which the taker has enough. It
     * may also end early, with a partition in {@link #takeAdvanced}, when a lane has passed over much that is not for
     * the application.
     *
     * @return how many records were taken
     */
    public int poll(int most, RecordTaker taker) {
        int taken = 0;
        while (taken < most && !inTurn.isEmpty()) {
            Lane lane = inTurn.iterator().next();
            if (lane.failed() && taken == 0) {
                throw takeFailure(lane);
            }
            Reading reading = lane.failed() ? Reading.NOTHING : read(lane, most - taken, taker);
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

    /** A failure that does not last leaves its lane, which may then have nothing to stand in the queue for. */
    private KafkaException takeFailure(Lane lane) {
        KafkaException failure = lane.failure();
        lane.endPassingFailure();
        rotate(lane);
        return failure;
    }

    /** How far reading a lane went, and what stopped it if that was not the number of records asked for. */
    private record Reading(int records, @Nullable Throwable trouble, boolean hasPaused) {
        static final Reading NOTHING = new Reading(0, null, false);

        void throwTrouble() {
            if (trouble instanceof Error error) {
                throw error;
            } else if (trouble instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }

    private Reading read(Lane lane, int most, RecordTaker taker) {
        int records = 0;
        long bytes = 0;
        markChanged(lane, true);
        try {
            RecordCursor record = lane.openCursor(readCommitted, checkCrcs, decompressor);
            while (records < most) {
                if (!lane.moveToNext(record)) {
                    moveOn(lane);
                    break;
                }
                int recordBytes = record.sizeBytes();
                taker.take(lane.partition(), record);
                records++;
                bytes += recordBytes;
                if (!lane.take(record, recordBytes) || taker.hasEnough()) {
                    break;
                }
            }
            if (lane.finishIfRead(record)) {
                moveOn(lane);
            }
            return new Reading(records, null, record.hasPaused());
        } catch (RuntimeException | Error e) {
            // Positions are behind the records taken so far: whatever a deserializer throws, those must reach the
            // application.
            lane.keep();
            return new Reading(records, e, false);
        } finally {
            if (records > 0) {
                listener.recordsTaken(lane.partition(), records, bytes);
            }
        }
    }

    /** The lane has read a delivery to its end. */
    private void moveOn(Lane lane) {
        advanced.add(lane.partition());
        rotate(lane);
    }

    private void rotate(Lane lane) {
        dequeue(lane);
        enqueue(lane);
    }

    /**
     * The partitions that were read to the end of a delivery since the last call, so that their positions have moved
     * even if no record was taken, and those in which reading has paused.
     */
    public Set<TopicPartition> takeAdvanced() {
        Set<TopicPartition> moved = advanced.isEmpty() ? Set.of() : Set.copyOf(advanced);
        advanced.clear();
        return moved;
    }

    /**
     * Releases data that waits for the application to resume or seek past an error, because its memory is needed by
     * partitions that could move on. It will be fetched again from the consumed positions. Does nothing while other
     * data is ready, as that will return memory when it is taken.
     *
     * @return where the lanes that were emptied want to go on
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

    private Lane lane(TopicPartition partition) {
        Lane lane = lanes.get(partition);
        if (lane == null) {
            throw new IllegalStateException("No current assignment for partition " + partition);
        }
        return lane;
    }
}
