package dev.surefoot.bench.jmh;

import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.wire.FetchRequestCodec;
import dev.surefoot.wire.FetchResponseCodec;
import dev.surefoot.wire.FetchSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Time to write a Fetch request and to read a Fetch response. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FetchCodecBenchmark {
    private static final short VERSION = FetchRequestCodec.HIGHEST_VERSION;
    private static final int MIB = 1024 * 1024;
    private static final FetchSettings SETTINGS = new FetchSettings(500, 1, false, "");

    /** Partitions in the request, and with records in the response. */
    @Param({"1", "10", "1000"})
    public int partitions;

    private FetchPlan plan = FetchSample.incremental(1);
    private ByteBuffer request = ByteBuffer.allocate(0);
    private ByteBuffer response = ByteBuffer.allocate(0);

    /** Makes the plan and the bytes of the response. */
    @Setup
    public void write() {
        plan = FetchSample.incremental(partitions);
        request = ByteBuffer.allocate(FetchRequestCodec.size(plan, SETTINGS, VERSION));
        response = response(plan);
    }

    private static ByteBuffer response(FetchPlan plan) {
        MemoryRecords records =
                MemoryRecords.readableRecords(RecordBytes.batches(CompressionType.NONE, 1000, 1000, 100));
        Map<Uuid, FetchableTopicResponse> topics = new LinkedHashMap<>();
        for (TopicIdPartition partition : plan.partitions().keySet()) {
            topics.computeIfAbsent(partition.topicId(), new FetchableTopicResponse()::setTopicId)
                    .partitions()
                    .add(new FetchResponseData.PartitionData()
                            .setPartitionIndex(partition.partition())
                            .setHighWatermark(10)
                            .setRecords(records));
        }
        List<FetchableTopicResponse> responses = new ArrayList<>(topics.values());
        FetchResponseData data =
                new FetchResponseData().setSessionId(FetchSample.SESSION_ID).setResponses(responses);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocateDirect(data.size(cache, VERSION));
        data.write(new ByteBufferAccessor(bytes), cache, VERSION);
        return bytes.flip();
    }

    /** Writes the request. */
    @Benchmark
    public ByteBuffer encodeRequest() {
        request.clear();
        int size = FetchRequestCodec.size(plan, SETTINGS, VERSION);
        FetchRequestCodec.write(plan, MIB, SETTINGS, VERSION, request.limit(size));
        return request;
    }

    /** Reads the response; its records stay in place. */
    @Benchmark
    public FetchAnswer decodeResponse() {
        return FetchResponseCodec.read(response, VERSION, Lease.NONE);
    }
}
