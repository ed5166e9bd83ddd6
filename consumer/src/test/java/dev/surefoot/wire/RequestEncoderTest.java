package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsRequest;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

/** What our encoder writes, read back by Kafka's own classes as a broker would. */
class RequestEncoderTest {
    private static final int CORRELATION_ID = 77;

    private final RequestEncoder encoder = new RequestEncoder("me", new FetchSettings(500, 1, false, "rack"), 30_000);

    @Test
    void everyFrameHasItsLengthAndAHeaderAsTheVersionDemands() {
        for (short version : ApiKeys.METADATA.allVersions()) {
            EncodedRequest encoded = encode(new MetadataQuery(Set.of("t"), true), version);
            assertThat(encoded.bytes()).isEqualTo(encoded.frame().remaining());
            body(encoded);
        }
    }

    @Test
    void aMetadataQueryForAllTopicsIsSaidAsItsVersionSaysIt() {
        assertThat(metadata(new MetadataQuery(null, true), (short) 0).topics()).isEmpty();
        assertThat(metadata(new MetadataQuery(null, true), (short) 1).topics()).isNull();
        assertThat(metadata(new MetadataQuery(Set.of(), true), (short) 1).topics())
                .isEmpty();
    }

    @Test
    void aMetadataQueryNamesItsTopicsAndMayForbidCreation() {
        MetadataRequestData data = metadata(new MetadataQuery(Set.of("t"), false), (short) 12);
        assertThat(data.topics()).extracting(topic -> topic.name()).containsExactly("t");
        assertThat(data.allowAutoTopicCreation()).isFalse();
    }

    @Test
    void anOffsetsQueryGroupsItsPartitionsByTopic() {
        ListOffsetsQuery query = new ListOffsetsQuery(
                true,
                Map.of(
                        new TopicPartition("t", 0), new ListOffsetsQuery.PartitionTimestamp(ListOffsetsQuery.LATEST, 5),
                        new TopicPartition("t", 1), new ListOffsetsQuery.PartitionTimestamp(123, -1),
                        new TopicPartition("u", 0),
                                new ListOffsetsQuery.PartitionTimestamp(ListOffsetsQuery.EARLIEST, -1)));
        EncodedRequest encoded = encoder.encode(
                new ListOffsetsRequest(1, query, 1), NegotiatedVersionsTest.broker(ApiKeys.LIST_OFFSETS, 1, 10), 77);
        ListOffsetsRequestData data = new ListOffsetsRequestData(body(encoded), encoded.version());

        assertThat(encoded.version()).isEqualTo((short) 10);
        assertThat(data.replicaId()).isEqualTo(-1);
        assertThat(data.isolationLevel()).isEqualTo((byte) 1);
        assertThat(data.timeoutMs()).isEqualTo(30_000);
        assertThat(data.topics())
                .flatExtracting(topic -> topic.partitions().stream()
                        .map(p ->
                                topic.name() + p.partitionIndex() + "@" + p.timestamp() + "/" + p.currentLeaderEpoch())
                        .toList())
                .containsExactlyInAnyOrder("t0@-1/5", "t1@123/-1", "u0@-2/-1");
    }

    @Test
    void anEpochsQueryComesFromNoReplica() {
        OffsetForLeaderEpochQuery query = new OffsetForLeaderEpochQuery(
                Map.of(new TopicPartition("t", 3), new OffsetForLeaderEpochQuery.PartitionEpoch(9, 8)));
        EncodedRequest encoded = encoder.encode(
                new OffsetForLeaderEpochRequest(1, query, 1),
                NegotiatedVersionsTest.broker(ApiKeys.OFFSET_FOR_LEADER_EPOCH, 2, 4),
                CORRELATION_ID);
        OffsetForLeaderEpochRequestData data = new OffsetForLeaderEpochRequestData(body(encoded), encoded.version());

        assertThat(data.replicaId()).isEqualTo(-1);
        var partition = data.topics().find("t").partitions().get(0);
        assertThat(partition.partition()).isEqualTo(3);
        assertThat(partition.currentLeaderEpoch()).isEqualTo(9);
        assertThat(partition.leaderEpoch()).isEqualTo(8);
    }

    @Test
    void aFetchIsAFrameAroundTheCodecsBody() {
        Uuid id = new Uuid(1, 2);
        FetchPlan plan = new FetchPlan(
                FetchPlan.Kind.FULL,
                0,
                0,
                true,
                Map.of(new TopicIdPartition(id, 0, "t"), new FetchTarget(42, -1, -1, 1000)),
                List.of(),
                false);
        EncodedRequest encoded = encoder.encode(
                new FetchRequest(1, plan, true, 5000, 1), NegotiatedVersionsTest.broker(ApiKeys.FETCH, 4, 17), 77);
        FetchRequestData data = new FetchRequestData(body(encoded), encoded.version());

        assertThat(encoded.version()).isEqualTo((short) 17);
        assertThat(data.maxBytes()).isEqualTo(5000);
        assertThat(data.rackId()).isEqualTo("rack");
        assertThat(data.topics().get(0).topicId()).isEqualTo(id);
        assertThat(data.topics().get(0).partitions().get(0).fetchOffset()).isEqualTo(42);
    }

    @Test
    void aFetchThatIsToStayAtTheLeaderNamesNoRack() {
        FetchPlan plan = new FetchPlan(FetchPlan.Kind.FULL, 0, 0, true, Map.of(), List.of(), false);
        EncodedRequest encoded = encoder.encode(
                new FetchRequest(1, plan, false, 5000, 1), NegotiatedVersionsTest.broker(ApiKeys.FETCH, 4, 17), 77);
        assertThat(new FetchRequestData(body(encoded), encoded.version()).rackId())
                .isEmpty();
    }

    /** An older version would take the question for one about a time. */
    @Test
    void whereALocalLogBeginsIsAskedOfBrokersThatKnowIt() {
        Map<TopicPartition, ListOffsetsQuery.PartitionTimestamp> start = Map.of(
                new TopicPartition("t", 0),
                new ListOffsetsQuery.PartitionTimestamp(ListOffsetsQuery.EARLIEST_LOCAL, 5));
        ListOffsetsRequest request = new ListOffsetsRequest(1, new ListOffsetsQuery(false, start), 1);

        assertThat(encoder.encode(request, NegotiatedVersionsTest.broker(ApiKeys.LIST_OFFSETS, 1, 9), 77)
                        .version())
                .isEqualTo((short) 9);
        assertThatThrownBy(() -> encoder.encode(request, NegotiatedVersionsTest.broker(ApiKeys.LIST_OFFSETS, 1, 7), 77))
                .isInstanceOf(UnsupportedVersionException.class);
    }

    @Test
    void aQuestionForRecordsIsAFetchOutsideOfAllSessions() {
        FetchPlan plan = new FetchPlan(
                FetchPlan.Kind.SESSIONLESS,
                0,
                -1,
                false,
                Map.of(new TopicIdPartition(Uuid.ZERO_UUID, 3, "t"), new FetchTarget(42, 5, -1, 1)),
                List.of(),
                true);
        EncodedRequest encoded = encoder.encode(
                new RemainingRecordsRequest(1, plan, false, 1),
                NegotiatedVersionsTest.broker(ApiKeys.FETCH, 4, 17),
                77);
        FetchRequestData data = new FetchRequestData(body(encoded), encoded.version());

        assertThat(encoded.version()).isEqualTo((short) 12);
        assertThat(List.of(data.sessionId(), data.sessionEpoch(), data.maxBytes(), data.maxWaitMs(), data.minBytes()))
                .containsExactly(0, -1, 1, 0, 0);
        assertThat(data.rackId()).isEmpty();
        assertThat(data.topics().get(0).topic()).isEqualTo("t");
        assertThat(data.topics().get(0).partitions().get(0).fetchOffset()).isEqualTo(42);
        assertThat(data.topics().get(0).partitions().get(0).currentLeaderEpoch())
                .isEqualTo(5);
    }

    @Test
    void theClientIntroducesItself() {
        EncodedRequest encoded = encoder.encodeApiVersions((short) 4, CORRELATION_ID);
        ApiVersionsRequestData data = new ApiVersionsRequestData(body(encoded), encoded.version());
        assertThat(data.clientSoftwareName()).isEqualTo("surefoot");
        // A broker refuses anything else (KIP-511).
        assertThat(data.clientSoftwareVersion()).matches("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");
    }

    private MetadataRequestData metadata(MetadataQuery query, short version) {
        return new MetadataRequestData(body(encode(query, version)), version);
    }

    private EncodedRequest encode(MetadataQuery query, short version) {
        return encoder.encode(
                new MetadataRequest(1, query, 1),
                NegotiatedVersionsTest.broker(ApiKeys.METADATA, version, version),
                CORRELATION_ID);
    }

    /** Checks the length and the header and leaves the body. */
    private static ByteBufferAccessor body(EncodedRequest encoded) {
        ByteBuffer frame = encoded.frame().duplicate();
        assertThat(frame.getInt()).isEqualTo(frame.remaining());
        RequestHeader header = RequestHeader.parse(frame);
        assertThat(header.apiKey()).isEqualTo(encoded.api());
        assertThat(header.apiVersion()).isEqualTo(encoded.version());
        assertThat(header.correlationId()).isEqualTo(CORRELATION_ID);
        assertThat(header.clientId()).isEqualTo("me");
        return new ByteBufferAccessor(frame);
    }
}
