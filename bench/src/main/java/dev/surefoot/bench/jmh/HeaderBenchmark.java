package dev.surefoot.bench.jmh;

import dev.surefoot.core.delivery.RecordAssembler;
import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
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

/** Time for the headers of a record: unread ones, and read ones. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderBenchmark {
    private static final int RECORDS = 1_000;
    private static final int VALUE_BYTES = 100;
    private static final int HEADER_VALUE_BYTES = 20;
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    /** Headers of each record. */
    @Param({"0", "3"})
    public int headers;

    private final Decompressor decompressor = new Decompressor(1024 * 1024);
    private final RecordAssembler<byte[], byte[]> arrays =
            new RecordAssembler<>(new ByteArrayDeserializer(), new ByteArrayDeserializer());
    private RecordAssembler<byte[], byte[]> ofTheUser = arrays;
    private ByteBuffer records = ByteBuffer.allocate(0);

    /** Writes the records. */
    @Setup
    public void write() {
        Deserializer<byte[]> deserializer = (topic, data) -> data;
        ofTheUser = new RecordAssembler<>(deserializer, deserializer);
        SimpleRecord[] written = new SimpleRecord[RECORDS];
        for (int i = 0; i < RECORDS; i++) {
            Header[] some = new Header[headers];
            for (int h = 0; h < headers; h++) {
                some[h] = new RecordHeader("header-" + h, new byte[HEADER_VALUE_BYTES]);
            }
            written[i] = new SimpleRecord(i, null, new byte[VALUE_BYTES], some);
        }
        ByteBuffer batch =
                MemoryRecords.withRecords(0, Compression.NONE, 5, written).buffer();
        records = ByteBuffer.allocateDirect(batch.remaining()).put(batch).flip();
    }

    private RecordCursor cursor() {
        return new RecordCursor(PARTITION, records, 0, false, List.of(), false, decompressor);
    }

    /** The application does not read headers. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void unread(Blackhole application) {
        RecordCursor cursor = cursor();
        while (cursor.next()) {
            application.consume(arrays.assemble(PARTITION, cursor));
        }
    }

    /** The application does not read headers, and the deserializer is one of the user's that takes none. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void unreadWithDeserializerOfTheUser(Blackhole application) {
        RecordCursor cursor = cursor();
        while (cursor.next()) {
            application.consume(ofTheUser.assemble(PARTITION, cursor));
        }
    }

    /** The application looks up one header that exists. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void lookedUp(Blackhole application) {
        RecordCursor cursor = cursor();
        while (cursor.next()) {
            ConsumerRecord<byte[], byte[]> record = arrays.assemble(PARTITION, cursor);
            application.consume(record.headers().lastHeader("header-0"));
        }
    }

    /** The application reads all of them. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void walked(Blackhole application) {
        RecordCursor cursor = cursor();
        while (cursor.next()) {
            ConsumerRecord<byte[], byte[]> record = arrays.assemble(PARTITION, cursor);
            for (Header header : record.headers()) {
                application.consume(header.value());
            }
        }
    }
}
