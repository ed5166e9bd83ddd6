package dev.surefoot.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.FetchedBatches;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Lanes, what is put into them with a counted lease each, and what an application takes out of them. */
final class LaneWorld {
    static final TopicPartition A = new TopicPartition("a", 0);
    static final TopicPartition B = new TopicPartition("b", 0);
    static final TopicPartition C = new TopicPartition("c", 0);

    final Lanes lanes;
    final Map<TopicPartition, Long> generations = new HashMap<>();
    final List<CountedLease> leases = new ArrayList<>();
    final List<String> taken = new ArrayList<>();
    /** Thrown in place of taking the record of this value. */
    String poison = "";

    LaneWorld() {
        this(ReadAhead.NONE);
    }

    LaneWorld(ReadAhead readAhead) {
        lanes = new Lanes(false, true, new Decompressor(1 << 20), readAhead);
    }

    LaneWorld assign(TopicPartition... partitions) {
        generations.clear();
        generations.putAll(lanes.assign(List.of(partitions)));
        return this;
    }

    void seek(TopicPartition partition, long offset) {
        generations.put(partition, lanes.seek(partition, new FetchPosition(offset, -1)));
    }

    long generation(TopicPartition partition) {
        return generations.get(partition);
    }

    CountedLease records(TopicPartition partition, long generation, long from, long next, ByteBuffer batches) {
        CountedLease lease = new CountedLease();
        leases.add(lease);
        Watermarks marks = new Watermarks(next, next, 0);
        lanes.offer(new Delivery.Records(
                partition,
                generation,
                new FetchedBatches(from, next, batches, List.of(), lease),
                marks,
                new FetchedAnswer().addDelivery()));
        return lease;
    }

    /** Delivers one batch of so many records, the first at the offset that was asked for. */
    CountedLease records(TopicPartition partition, long from, int count) {
        return records(partition, generation(partition), from, from + count, Batches.of(partition, from, count));
    }

    void positioned(TopicPartition partition, long offset) {
        lanes.offer(new Delivery.Positioned(
                partition, generation(partition), new FetchPosition(offset, -1), Uuid.ZERO_UUID));
    }

    KafkaException failure(TopicPartition partition, boolean lasting) {
        KafkaException cause = new KafkaException((lasting ? "lasting of " : "passing of ") + partition);
        lanes.offer(new Delivery.Failure(partition, generation(partition), cause, lasting));
        return cause;
    }

    /** Polls; returns the offsets that were taken, with their partition's letter before them. */
    List<String> poll(int most) {
        int before = taken.size();
        int count = lanes.poll(most, this::take);
        assertThat(taken.size() - before).as("records taken as told").isEqualTo(count);
        return List.copyOf(taken.subList(before, taken.size()));
    }

    List<String> poll() {
        return poll(Integer.MAX_VALUE);
    }

    private void take(TopicPartition partition, RecordCursor record) {
        String name = partition.topic() + record.offset();
        if (name.equals(poison)) {
            throw new IllegalArgumentException("poison at " + name);
        }
        assertThat(StandardCharsets.UTF_8.decode(record.value()).toString())
                .isEqualTo(Batches.value(partition, record.offset()));
        taken.add(name);
    }

    long position(TopicPartition partition) {
        FetchPosition position = lanes.position(partition);
        return position == null ? -1 : position.offset();
    }

    int holds() {
        return leases.stream().mapToInt(CountedLease::holds).sum();
    }
}
