package dev.surefoot.wire;

import dev.surefoot.core.engine.TransactionExchange.DescribeProducersRequest;
import dev.surefoot.core.engine.TransactionExchange.DescribeProducersResponse;
import dev.surefoot.core.guard.OpenTransactions.Holder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequestCollection;
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

    @Override
    public RequestBody body(DescribeProducersRequest request, WireSettings settings, short version) {
        Map<String, TopicRequest> topics = new LinkedHashMap<>();
        for (TopicPartition partition : request.partitions()) {
            topics.computeIfAbsent(partition.topic(), name -> new TopicRequest().setName(name))
                    .partitionIndexes()
                    .add(partition.partition());
        }
        // Its other methods name a class that is in another package in other versions of kafka-clients.
        TopicRequestCollection all = new TopicRequestCollection(topics.values().iterator());
        return RequestBody.of(new DescribeProducersRequestData().setTopics(all), version);
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
