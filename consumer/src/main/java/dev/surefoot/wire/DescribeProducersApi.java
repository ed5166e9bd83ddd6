package dev.surefoot.wire;

import dev.surefoot.core.engine.TransactionExchange.DescribeProducersRequest;
import dev.surefoot.core.engine.TransactionExchange.DescribeProducersResponse;
import dev.surefoot.core.guard.OpenTransactions.Holder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.protocol.ApiKeys;

/** DescribeProducers. */
final class DescribeProducersApi implements BrokerApi<DescribeProducersRequest, DescribeProducersResponse> {
    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_PRODUCERS;
    }

    @Override
    public short version(DescribeProducersRequest request, NegotiatedVersions versions) {
        return versions.highest(ApiKeys.DESCRIBE_PRODUCERS);
    }

    /** Written here: Kafka's class for it has other types in other versions of kafka-clients. */
    @Override
    public RequestBody body(DescribeProducersRequest request, WireSettings settings, short version) {
        Map<String, List<Integer>> topics = new LinkedHashMap<>();
        for (TopicPartition partition : request.partitions()) {
            topics.computeIfAbsent(partition.topic(), name -> new ArrayList<>()).add(partition.partition());
        }
        WireSize size = new WireSize(true);
        write(topics, size);
        return new RequestBody() {
            @Override
            public int bytes() {
                return size.total();
            }

            @Override
            public void write(ByteBuffer frame) {
                DescribeProducersApi.write(topics, new WireWriter(frame, true));
            }
        };
    }

    private static void write(Map<String, List<Integer>> topics, WireSink out) {
        out.count(topics.size());
        topics.forEach((name, partitions) -> {
            out.string(name);
            out.count(partitions.size());
            partitions.forEach(out::int32);
            out.noTaggedFields();
        });
        out.noTaggedFields();
    }

    /** A partition with an error has no entry. */
    @Override
    public DescribeProducersResponse read(DescribeProducersRequest request, Response response) {
        DescribeProducersResponseData data = new DescribeProducersResponseData(response.readable(), response.version());
        Map<TopicPartition, Holder> holders = new LinkedHashMap<>();
        for (var topic : data.topics()) {
            for (var partition : topic.partitions()) {
                TopicPartition name = new TopicPartition(topic.name(), partition.partitionIndex());
                for (ProducerState producer : partition.activeProducers()) {
                    if (producer.currentTxnStartOffset() >= 0) {
                        holders.merge(name, holder(producer), DescribeProducersApi::older);
                    }
                }
            }
        }
        return new DescribeProducersResponse(data.throttleTimeMs(), holders);
    }

    private static Holder holder(ProducerState producer) {
        return new Holder(
                producer.producerId(),
                producer.producerEpoch(),
                producer.currentTxnStartOffset(),
                producer.lastTimestamp());
    }

    private static Holder older(Holder one, Holder other) {
        return other.startOffset() < one.startOffset() ? other : one;
    }
}
