package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.TransactionExchange.DescribeProducersRequest;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;

class DescribeProducersApiTest {
    private static final short VERSION = 0;

    @Test
    void theBytesAreThoseOfKafkasOwnClass() {
        List<TopicPartition> partitions =
                List.of(new TopicPartition("one", 3), new TopicPartition("two", 0), new TopicPartition("one", 300));
        DescribeProducersRequest request = new DescribeProducersRequest(1, new LinkedHashSet<>(partitions), 1);
        RequestBody body = new DescribeProducersApi().body(request, null, VERSION);
        ByteBuffer frame = ByteBuffer.allocate(body.bytes());

        body.write(frame);
        frame.flip();

        DescribeProducersRequestData read =
                new DescribeProducersRequestData(new ByteBufferAccessor(frame.duplicate()), VERSION);
        assertThat(read.toString())
                .contains("name='one', partitionIndexes=[3, 300]")
                .contains("name='two', partitionIndexes=[0]");
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer again = ByteBuffer.allocate(read.size(cache, VERSION));
        read.write(new ByteBufferAccessor(again), cache, VERSION);
        assertThat(again.flip()).isEqualTo(frame);
    }
}
