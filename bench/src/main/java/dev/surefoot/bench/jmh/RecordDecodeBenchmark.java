package dev.surefoot.bench.jmh;

import dev.surefoot.core.delivery.RecordAssembler;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Time for one record from the receive buffer to the application. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordDecodeBenchmark {
    private static final int RECORDS = 1_000;
    private static final int RECORDS_OF_A_BATCH = 100;
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    /** Bytes of each value. */
    @Param({"100", "1000"})
    public int valueBytes;

    private final Decompressor decompressor = new Decompressor(1024 * 1024);
    private final RecordAssembler<byte[], byte[]> arrays =
            new RecordAssembler<>(new ByteArrayDeserializer(), new ByteArrayDeserializer());
    private final RecordAssembler<String, String> strings =
            new RecordAssembler<>(new StringDeserializer(), new StringDeserializer());
    private ByteBuffer records = ByteBuffer.allocate(0);

    /** Writes the batches. */
    @Setup
    public void write() {
        records = RecordBytes.batches(
                CompressionType.NONE, RECORDS * valueBytes, RECORDS_OF_A_BATCH * valueBytes, valueBytes);
    }

    private RecordCursor cursor(boolean checkCrcs) {
        return new RecordCursor(PARTITION, records, 0, false, List.of(), checkCrcs, decompressor);
    }

    /** The cursor alone, without checksums. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long walk() {
        RecordCursor cursor = cursor(false);
        long offsets = 0;
        while (cursor.next()) {
            offsets += cursor.offset();
        }
        return offsets;
    }

    /** As shipped: with checksums, and a copy of each value for the application. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void assembleArrays(Blackhole application) {
        RecordCursor cursor = cursor(true);
        while (cursor.next()) {
            application.consume(arrays.assemble(PARTITION, cursor));
        }
    }

    /** As {@link #assembleArrays}, but with values decoded to strings. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void assembleStrings(Blackhole application) {
        RecordCursor cursor = cursor(true);
        while (cursor.next()) {
            application.consume(strings.assemble(PARTITION, cursor));
        }
    }
}
