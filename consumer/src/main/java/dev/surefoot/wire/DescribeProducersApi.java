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
        TopicRequestCollection topics = new TopicRequestCollection();
        for (TopicPartition partition : request.partitions()) {
            TopicRequest topic = topics.find(partition.topic());
            if (topic == null) {
                topic = new TopicRequest().setName(partition.topic());
                topics.add(topic);
            }
            topic.partitionIndexes().add(partition.partition());
        }
        return RequestBody.of(new DescribeProducersRequestData().setTopics(topics), version);
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
