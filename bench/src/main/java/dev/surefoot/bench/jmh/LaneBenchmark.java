package dev.surefoot.bench.jmh;

import dev.surefoot.core.delivery.Lanes;
import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.FetchedBatches;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.CompressionType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Time for a delivery of one record through its lane: offered, polled and released. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LaneBenchmark {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final Lanes lanes = new Lanes(false, false, new Decompressor(1024 * 1024));
    private ByteBuffer batch = ByteBuffer.allocate(0);
    private long generation;
    private long offset;

    /** Assigns the partition and writes the batch. */
    @Setup
    public void assign() {
        batch = RecordBytes.batches(CompressionType.NONE, 100, 100, 100);
        lanes.assign(List.of(PARTITION));
        generation = lanes.seek(PARTITION, FetchPosition.at(0));
        offset = 0;
    }

    /** Passes one delivery through the lane; returns the records taken. */
    @Benchmark
    public int deliver() {
        batch.putLong(0, offset);
        lanes.offer(new Delivery.Records(
                PARTITION,
                generation,
                new FetchedBatches(offset, offset + 1, batch, List.of(), Lease.NONE),
                Watermarks.UNKNOWN,
                new FetchedAnswer().addDelivery()));
        int taken = lanes.poll(Integer.MAX_VALUE, (partition, record) -> {});
        lanes.takeAdvanced();
        offset++;
        return taken;
    }
}
