package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochResponse;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.OffsetForLeaderEpochAnswer;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;

class ResponseDecoderTest {
    private static final String BROKER = "broker 3 at b:9092";
    private static final Request<?> METADATA = new MetadataRequest(3, new MetadataQuery(null, true), 1);

    @Test
    void metadataKeepsAllThatItsVersionTells() {
        short version = 12;
        MetadataAnswer answer =
                ((MetadataResponse) decode(METADATA, ApiKeys.METADATA, version, metadata(version))).answer();

        assertThat(answer.clusterId()).isEqualTo("cluster");
        assertThat(answer.throttleTimeMs()).isEqualTo(7);
        assertThat(answer.brokers()).containsExactly(new Node(3, "b", 9092, "r"));
        // The topic without a name was asked for by id, by somebody else.
        assertThat(answer.topics())
                .containsExactly(new MetadataAnswer.TopicMetadata(
                        "t",
                        new Uuid(1, 2),
                        BrokerError.NONE,
                        true,
                        List.of(new MetadataAnswer.PartitionMetadata(
                                4, BrokerError.LEADER_NOT_AVAILABLE, 3, 9, List.of(3, 5), List.of(3), List.of(5)))));
    }

    @Test
    void whatAnOldMetadataVersionDoesNotTellIsUnknown() {
        for (short version : ApiKeys.METADATA.allVersions()) {
            var answer = ((MetadataResponse) decode(METADATA, ApiKeys.METADATA, version, metadata(version))).answer();
            var topic = answer.topics().get(0);
            assertThat(topic.topicId()).isEqualTo(version >= 10 ? new Uuid(1, 2) : Uuid.ZERO_UUID);
            assertThat(topic.partitions().get(0).leaderEpoch()).isEqualTo(version >= 7 ? 9 : -1);
        }
    }

    @Test
    void offsetsAndEpochsAreByPartition() {
        var offsets = new ListOffsetsResponseData()
                .setTopics(List.of(new ListOffsetsTopicResponse()
                        .setName("t")
                        .setPartitions(List.of(new ListOffsetsPartitionResponse()
                                .setPartitionIndex(1)
                                .setOffset(10)
                                .setTimestamp(20)
                                .setLeaderEpoch(30)))));
        var found = decode(
                new ListOffsetsRequest(3, new ListOffsetsQuery(false, Map.of()), 1),
                ApiKeys.LIST_OFFSETS,
                (short) 9,
                offsets);
        assertThat(((ListOffsetsResponse) found).answer().partitions())
                .containsExactly(Map.entry(
                        new TopicPartition("t", 1),
                        new ListOffsetsAnswer.PartitionOffset(BrokerError.NONE, 10, 20, 30)));

        var epochs = new OffsetForLeaderEpochResponseData();
        epochs.topics()
                .add(new OffsetForLeaderTopicResult()
                        .setTopic("t")
                        .setPartitions(List.of(new EpochEndOffset()
                                .setPartition(1)
                                .setErrorCode((short) 74)
                                .setLeaderEpoch(5)
                                .setEndOffset(6))));
        var ends = decode(
                new OffsetForLeaderEpochRequest(3, new OffsetForLeaderEpochQuery(Map.of()), 1),
                ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                (short) 4,
                epochs);
        assertThat(((OffsetForLeaderEpochResponse) ends).answer().partitions())
                .containsExactly(Map.entry(
                        new TopicPartition("t", 1),
                        new OffsetForLeaderEpochAnswer.EpochEndOffset(BrokerError.FENCED_LEADER_EPOCH, 5, 6)));
    }

    @Test
    void cutOrSpoiltBytesAreRefusedByNameOrReadButNothingElse() {
        short version = 12;
        byte[] good = frame(ApiKeys.METADATA, version, metadata(version), 7).array();
        EncodedRequest encoded = encoded(ApiKeys.METADATA, version);
        for (int length = 0; length < good.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(good, 0, length).slice();
            assertThatThrownBy(() -> ResponseDecoder.decode(METADATA, encoded, cut, Lease.NONE, BROKER))
                    .isInstanceOf(KafkaException.class)
                    .hasMessageStartingWith("Cannot use the answer of " + BROKER + " to Metadata v12: ");
        }
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] spoilt = good.clone();
            spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt();
            try {
                ResponseDecoder.decode(METADATA, encoded, ByteBuffer.wrap(spoilt), Lease.NONE, BROKER);
            } catch (KafkaException e) {
                assertThat(e).as("seed %s, round %s", seed, i).hasMessageContaining(BROKER);
            }
        }
    }

    @Test
    void anAnswerToAnotherRequestIsRefused() {
        ByteBuffer frame = frame(ApiKeys.METADATA, (short) 9, new MetadataResponseData(), 8);
        assertThatThrownBy(() -> ResponseDecoder.decode(
                        METADATA, encoded(ApiKeys.METADATA, (short) 9), frame, Lease.NONE, BROKER))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("correlation id 8 where 7 was expected");
    }

    private static MetadataResponseData metadata(short version) {
        MetadataResponseData data = new MetadataResponseData().setClusterId("cluster");
        data.setThrottleTimeMs(7);
        data.brokers()
                .add(new MetadataResponseBroker()
                        .setNodeId(3)
                        .setHost("b")
                        .setPort(9092)
                        .setRack("r"));
        MetadataResponsePartition partition = new MetadataResponsePartition()
                .setPartitionIndex(4)
                .setErrorCode(BrokerError.LEADER_NOT_AVAILABLE.code())
                .setLeaderId(3)
                .setReplicaNodes(List.of(3, 5))
                .setIsrNodes(List.of(3))
                .setOfflineReplicas(List.of(5));
        if (version >= 7) {
            partition.setLeaderEpoch(9);
        }
        MetadataResponseTopic topic =
                new MetadataResponseTopic().setName("t").setIsInternal(true).setPartitions(List.of(partition));
        data.topics().add(version >= 10 ? topic.setTopicId(new Uuid(1, 2)) : topic);
        if (version >= 12) {
            data.topics().add(new MetadataResponseTopic().setName(null).setTopicId(new Uuid(3, 4)));
        }
        return data;
    }

    private static Answer decode(Request<?> request, ApiKeys api, short version, ApiMessage message) {
        return ResponseDecoder.decode(
                request, encoded(api, version), frame(api, version, message, 7), Lease.NONE, BROKER);
    }

    private static EncodedRequest encoded(ApiKeys api, short version) {
        return new EncodedRequest(api, version, 7, ByteBuffer.allocate(0), 0);
    }

    private static ByteBuffer frame(ApiKeys api, short version, ApiMessage message, int correlationId) {
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
        short headerVersion = api.responseHeaderVersion(version);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer frame = ByteBuffer.allocate(header.size(cache, headerVersion) + message.size(cache, version));
        header.write(new ByteBufferAccessor(frame), cache, headerVersion);
        message.write(new ByteBufferAccessor(frame), cache, version);
        return frame.flip();
    }
}
