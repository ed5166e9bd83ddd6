package dev.surefoot.core.delivery;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.FetchedBatches;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.handover.Yielded;
import dev.surefoot.core.records.BatchScanner;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.ScannedBatches;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A log with sound and damaged batches, a loop that fetches it, and the lanes of one partition. The broker looks a
 * batch up by the offsets that its header claims, as Kafka's does, or by the true ones.
 */
final class ServedLog {
    static final TopicPartition PARTITION = new TopicPartition("log", 0);

    /**
     * @param bytes as they lie in the log
     * @param offsets of its records
     * @param sound whether they can be read
     */
    record Stored(ByteBuffer bytes, Set<Long> offsets, boolean sound) {
        long trueLast() {
            return offsets.stream().mapToLong(Long::longValue).max().orElseThrow();
        }

        long claimedLast() {
            return bytes.getLong(0) + bytes.getInt(23);
        }
    }

    final List<Stored> batches = new ArrayList<>();
    final List<CountedLease> leases = new ArrayList<>();
    final Lanes lanes;
    /** Whether the broker goes by the offsets that headers claim. */
    boolean believesHeaders = true;
    /** The last stable offset, if it is not the end of the log. */
    long lastStableOffset = -1;

    int fetches;
    private long generation;
    private long fetchFrom;
    private boolean halted;

    ServedLog(BadUnitPolicy policy) {
        this(policy, false);
    }

    ServedLog(BadUnitPolicy policy, boolean readCommitted) {
        lanes = new Lanes(readCommitted, true, new Decompressor(1 << 20), ReadAhead.NONE, ReadingListener.NONE, policy);
        lanes.assign(List.of(PARTITION));
        seek(0);
    }

    void seek(long offset) {
        generation = lanes.seek(PARTITION, FetchPosition.at(offset));
        fetchFrom = offset;
        halted = false;
    }

    ServedLog add(Stored batch) {
        batches.add(batch);
        return this;
    }

    /** A sound batch of so many records. */
    ServedLog sound(int count) {
        return add(stored(Batches.of(PARTITION, end(), count), count, true));
    }

    /** A batch of so many records that fails its checksum. */
    ServedLog corrupt(int count) {
        return add(stored(Batches.corrupt(Batches.of(PARTITION, end(), count)), count, false));
    }

    /** A batch of so many records whose header claims another last offset. */
    ServedLog lying(int count, int excess) {
        ByteBuffer batch = Batches.of(PARTITION, end(), count);
        return add(stored(batch.putInt(23, count - 1 + excess), count, false));
    }

    Stored stored(ByteBuffer bytes, int count, boolean sound) {
        Set<Long> offsets = new TreeSet<>();
        for (long offset = end(); offset < end() + count; offset++) {
            offsets.add(offset);
        }
        return new Stored(bytes, offsets, sound);
    }

    /** The offset after the last record. */
    long end() {
        return batches.isEmpty() ? 0 : batches.get(batches.size() - 1).trueLast() + 1;
    }

    /** Has the loop fetch once from where it is; an answer has so many batches at most. */
    void fetch(int most) {
        lanes.takeToFetch().values().forEach(this::moveTo);
        if (halted) {
            return;
        }
        fetches++;
        List<ByteBuffer> answer = new ArrayList<>();
        for (Stored batch : batches) {
            boolean begun = !answer.isEmpty();
            long last = believesHeaders ? batch.claimedLast() : batch.trueLast();
            if (answer.size() < most && (begun || last >= fetchFrom)) {
                answer.add(batch.bytes());
            }
        }
        serve(Batches.join(answer.toArray(ByteBuffer[]::new)));
    }

    private void moveTo(Yielded position) {
        generation = position.generation();
        fetchFrom = position.position().offset();
        halted = false;
    }

    private void serve(ByteBuffer answer) {
        ScannedBatches scanned = BatchScanner.scan(PARTITION, answer, fetchFrom);
        long stable = lastStableOffset < 0 ? end() : lastStableOffset;
        Watermarks marks = new Watermarks(end(), stable, 0);
        if (scanned.nextOffset() > fetchFrom) {
            CountedLease lease = new CountedLease();
            leases.add(lease);
            ByteBuffer valid = answer.duplicate().limit(answer.position() + scanned.validBytes());
            lanes.offer(new Delivery.Records(
                    PARTITION,
                    generation,
                    new FetchedBatches(fetchFrom, scanned.nextOffset(), valid, List.of(), lease),
                    marks,
                    new FetchedAnswer().addDelivery()));
            fetchFrom = scanned.nextOffset();
        } else {
            lanes.offer(new Delivery.Marks(PARTITION, generation, marks));
        }
        if (scanned.problem() != null) {
            halted = true;
            lanes.offer(new Delivery.Failure(PARTITION, generation, scanned.problem(), true));
        }
    }

    /** Has the loop find a new position, as after a truncation. */
    void positioned(long offset) {
        lanes.takeToFetch().values().forEach(this::moveTo);
        lanes.offer(new Delivery.Positioned(PARTITION, generation, FetchPosition.at(offset), Uuid.ZERO_UUID));
        fetchFrom = offset;
    }

    long position() {
        FetchPosition position = lanes.position(PARTITION);
        return position == null ? -1 : position.offset();
    }

    int holds() {
        return leases.stream().mapToInt(CountedLease::holds).sum();
    }
}
