package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.engine.TopicIdExchange.TopicIdsRequest;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.handover.MemberSubscription;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each request of a group, in each version that is used, read back by Kafka's own classes as a coordinator would. */
class GroupRequestsTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T2 = new TopicPartition("t", 2);
    private static final TopicPartition U1 = new TopicPartition("u", 1);
    private static final Uuid ID = new Uuid(1, 2);
    private static final Uuid OTHER_ID = new Uuid(3, 4);
    private static final Map<String, Uuid> IDS = Map.of("t", ID, "u", OTHER_ID);
    private static final MemberIdentity STATIC = new MemberIdentity("g", "m", 6, "i", 1);
    private static final MemberIdentity NOBODY = MemberIdentity.none("g", null);

    private final RequestEncoder encoder = new RequestEncoder("me", new FetchSettings(500, 1, false, "rack"), 30_000);

    private <D> D sent(ApiKeys api, Request<?> request, int version, BiFunction<Readable, Short, D> reader) {
        EncodedRequest encoded = encoder.encode(request, NegotiatedVersionsTest.broker(api, version, version), 77);
        assertThat(encoded.api()).isEqualTo(api);
        assertThat(encoded.version()).isEqualTo((short) version);
        ByteBuffer frame = encoded.frame().duplicate();
        assertThat(frame.getInt()).isEqualTo(frame.remaining());
        RequestHeader header = RequestHeader.parse(frame);
        assertThat(header.apiKey()).isEqualTo(api);
        assertThat(header.apiVersion()).isEqualTo((short) version);
        D data = reader.apply(new ByteBufferAccessor(frame), (short) version);
        assertThat(frame.remaining()).as("bytes behind the body").isZero();
        return data;
    }

    static IntStream findCoordinator() {
        return IntStream.rangeClosed(0, 6);
    }

    @ParameterizedTest
    @MethodSource
    void findCoordinator(int version) {
        FindCoordinatorRequestData data = sent(
                ApiKeys.FIND_COORDINATOR,
                new FindCoordinatorRequest(-1, "g", 1),
                version,
                FindCoordinatorRequestData::new);

        assertThat(data.keyType()).isZero();
        assertThat(data.key()).isEqualTo(version < 4 ? "g" : "");
        assertThat(data.coordinatorKeys()).isEqualTo(version < 4 ? List.of() : List.of("g"));
    }

    static IntStream joinGroup() {
        return IntStream.rangeClosed(2, 9);
    }

    private static JoinGroupRequest join(@Nullable String instanceId) {
        Map<String, MemberSubscription> protocols = new LinkedHashMap<>();
        protocols.put("sticky", new MemberSubscription(List.of("t"), null, List.of(T0), 3, "rack", instanceId));
        protocols.put("range", new MemberSubscription(List.of("t", "u"), null, List.of(), -1, null, instanceId));
        return new JoinGroupRequest(7, "g", "m", instanceId, 45_000, 300_000, protocols, "why", 1);
    }

    @ParameterizedTest
    @MethodSource
    void joinGroup(int version) {
        JoinGroupRequestData data =
                sent(ApiKeys.JOIN_GROUP, join(version < 5 ? null : "i"), version, JoinGroupRequestData::new);

        assertThat(data.groupId()).isEqualTo("g");
        assertThat(data.memberId()).isEqualTo("m");
        assertThat(data.groupInstanceId()).isEqualTo(version < 5 ? null : "i");
        assertThat(data.sessionTimeoutMs()).isEqualTo(45_000);
        assertThat(data.rebalanceTimeoutMs()).isEqualTo(300_000);
        assertThat(data.protocolType()).isEqualTo("consumer");
        assertThat(data.reason()).isEqualTo(version < 8 ? null : "why");
        assertThat(data.protocols())
                .as("in the order of preference")
                .extracting(protocol -> protocol.name())
                .containsExactly("sticky", "range");
        assertThat(data.protocols())
                .extracting(protocol -> ConsumerProtocolCodec.readSubscription(protocol.metadata(), null))
                .containsExactly(
                        new MemberSubscription(List.of("t"), null, List.of(T0), 3, "rack", null),
                        new MemberSubscription(List.of("t", "u"), null, List.of(), -1, null, null));
        if (version < 5) {
            assertThatThrownBy(() -> sent(ApiKeys.JOIN_GROUP, join("i"), version, JoinGroupRequestData::new))
                    .as("a static member")
                    .isInstanceOf(UnsupportedVersionException.class);
        }
    }

    static IntStream syncGroup() {
        return IntStream.rangeClosed(1, 5);
    }

    @ParameterizedTest
    @MethodSource
    void syncGroup(int version) {
        MemberAssignment mine = new MemberAssignment(List.of(T0, T2), ByteBuffer.wrap(new byte[] {1, 2}));
        MemberAssignment theirs = new MemberAssignment(List.of(U1), null);
        SyncGroupRequest request =
                new SyncGroupRequest(7, "g", "m", "i", 6, "range", Map.of("m", mine, "n", theirs), 1);
        SyncGroupRequestData data = sent(ApiKeys.SYNC_GROUP, request, version, SyncGroupRequestData::new);

        assertThat(data.groupId()).isEqualTo("g");
        assertThat(data.memberId()).isEqualTo("m");
        assertThat(data.generationId()).isEqualTo(6);
        assertThat(data.groupInstanceId()).isEqualTo(version < 3 ? null : "i");
        assertThat(data.protocolType()).isEqualTo(version < 5 ? null : "consumer");
        assertThat(data.protocolName()).isEqualTo(version < 5 ? null : "range");
        Map<String, MemberAssignment> assignments = new LinkedHashMap<>();
        data.assignments()
                .forEach(each ->
                        assignments.put(each.memberId(), ConsumerProtocolCodec.readAssignment(each.assignment())));
        assertThat(assignments).isEqualTo(Map.of("m", mine, "n", theirs));
    }

    static IntStream heartbeat() {
        return IntStream.rangeClosed(1, 4);
    }

    @ParameterizedTest
    @MethodSource
    void heartbeat(int version) {
        HeartbeatRequestData data = sent(
                ApiKeys.HEARTBEAT, new HeartbeatRequest(7, "g", "m", "i", 6, 1), version, HeartbeatRequestData::new);

        assertThat(data.groupId()).isEqualTo("g");
        assertThat(data.memberId()).isEqualTo("m");
        assertThat(data.generationId()).isEqualTo(6);
        assertThat(data.groupInstanceId()).isEqualTo(version < 3 ? null : "i");
    }

    static IntStream leaveGroup() {
        return IntStream.rangeClosed(1, 5);
    }

    @ParameterizedTest
    @MethodSource
    void leaveGroup(int version) {
        LeaveGroupRequestData data = sent(
                ApiKeys.LEAVE_GROUP,
                new LeaveGroupRequest(7, "g", "m", "closed", 1),
                version,
                LeaveGroupRequestData::new);

        assertThat(data.groupId()).isEqualTo("g");
        assertThat(data.memberId()).isEqualTo(version < 3 ? "m" : "");
        if (version < 3) {
            assertThat(data.members()).isEmpty();
        } else {
            assertThat(data.members()).singleElement().satisfies(member -> {
                assertThat(member.memberId()).isEqualTo("m");
                assertThat(member.groupInstanceId()).isNull();
                assertThat(member.reason()).isEqualTo(version < 5 ? null : "closed");
            });
        }
    }

    static IntStream describeGroup() {
        return IntStream.rangeClosed(0, 6);
    }

    @ParameterizedTest
    @MethodSource
    void describeGroup(int version) {
        DescribeGroupsRequestData data = sent(
                ApiKeys.DESCRIBE_GROUPS, new DescribeGroupRequest(7, "g", 1), version, DescribeGroupsRequestData::new);

        assertThat(data.groups()).containsExactly("g");
        assertThat(data.includeAuthorizedOperations()).isFalse();
    }

    static IntStream consumerGroupHeartbeat() {
        return IntStream.rangeClosed(0, 1);
    }

    @ParameterizedTest
    @MethodSource("consumerGroupHeartbeat")
    void consumerGroupHeartbeatWithEverything(int version) {
        ConsumerGroupHeartbeatRequest full = new ConsumerGroupHeartbeatRequest(
                7,
                "g",
                "m",
                0,
                "i",
                "rack",
                300_000,
                Set.of("u", "t"),
                version < 1 ? null : "t.*",
                "uniform",
                Map.of(ID, Set.of(2, 0), OTHER_ID, Set.of(1)),
                1);
        ConsumerGroupHeartbeatRequestData data = heartbeat(full, version);

        assertThat(data.groupId()).isEqualTo("g");
        assertThat(data.memberId()).isEqualTo("m");
        assertThat(data.memberEpoch()).isZero();
        assertThat(data.instanceId()).isEqualTo("i");
        assertThat(data.rackId()).isEqualTo("rack");
        assertThat(data.rebalanceTimeoutMs()).isEqualTo(300_000);
        assertThat(data.subscribedTopicNames()).containsExactly("t", "u");
        assertThat(data.serverAssignor()).isEqualTo("uniform");
        if (version >= 1) {
            assertThat(data.subscribedTopicRegex()).isEqualTo("t.*");
        }
        assertThat(data.topicPartitions())
                .extracting(topic -> topic.topicId() + "" + topic.partitions())
                .containsExactlyInAnyOrder(ID + "[0, 2]", OTHER_ID + "[1]");
    }

    @ParameterizedTest
    @MethodSource("consumerGroupHeartbeat")
    void consumerGroupHeartbeatWithWhatHasNotChanged(int version) {
        ConsumerGroupHeartbeatRequestData data = heartbeat(
                new ConsumerGroupHeartbeatRequest(7, "g", "m", 5, null, null, -1, null, null, null, null, 1), version);
        assertThat(data.memberEpoch()).isEqualTo(5);
        assertThat(data.instanceId()).isNull();
        assertThat(data.rackId()).isNull();
        assertThat(data.rebalanceTimeoutMs()).isEqualTo(-1);
        assertThat(data.subscribedTopicNames()).isNull();
        assertThat(data.subscribedTopicRegex()).isNull();
        assertThat(data.serverAssignor()).isNull();
        assertThat(data.topicPartitions()).isNull();

        ConsumerGroupHeartbeatRequestData nothing = heartbeat(
                new ConsumerGroupHeartbeatRequest(7, "g", "m", 5, null, null, -1, Set.of(), "", null, Map.of(), 1),
                version);
        assertThat(nothing.subscribedTopicNames()).as("nothing is a value").isEmpty();
        assertThat(nothing.topicPartitions()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("consumerGroupHeartbeat")
    void aPatternNeedsACoordinatorThatMatchesIt(int version) {
        ConsumerGroupHeartbeatRequest request =
                new ConsumerGroupHeartbeatRequest(7, "g", "m", 5, null, null, -1, null, "t.*", null, null, 1);
        if (version < 1) {
            assertThatThrownBy(() -> heartbeat(request, version))
                    .isInstanceOf(UnsupportedVersionException.class)
                    .hasMessageContaining("SubscriptionPattern");
        } else {
            assertThat(heartbeat(request, version).subscribedTopicRegex()).isEqualTo("t.*");
        }
    }

    private ConsumerGroupHeartbeatRequestData heartbeat(ConsumerGroupHeartbeatRequest request, int version) {
        return sent(ApiKeys.CONSUMER_GROUP_HEARTBEAT, request, version, ConsumerGroupHeartbeatRequestData::new);
    }

    static IntStream offsetCommit() {
        return IntStream.rangeClosed(2, 9);
    }

    @ParameterizedTest
    @MethodSource
    void offsetCommit(int version) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        offsets.put(T0, new OffsetAndMetadata(5, Optional.of(3), "mark"));
        offsets.put(U1, new OffsetAndMetadata(6));
        offsets.put(T2, new OffsetAndMetadata(7));
        OffsetCommitRequestData data = sent(
                ApiKeys.OFFSET_COMMIT,
                new OffsetCommitRequest(7, STATIC, offsets, Map.of("t", ID), 1),
                version,
                OffsetCommitRequestData::new);

        assertThat(data.groupId()).isEqualTo("g");
        assertThat(data.memberId()).isEqualTo("m");
        assertThat(data.generationIdOrMemberEpoch()).isEqualTo(6);
        assertThat(data.groupInstanceId()).isEqualTo(version < 7 ? null : "i");
        assertThat(data.topics())
                .flatExtracting(topic -> topic.partitions().stream()
                        .map(p -> topic.name() + p.partitionIndex() + "@" + p.committedOffset() + "/"
                                + p.committedLeaderEpoch() + "/" + p.committedMetadata())
                        .toList())
                .containsExactly(version < 6 ? "t0@5/-1/mark" : "t0@5/3/mark", "t2@7/-1/", "u1@6/-1/");
    }

    @ParameterizedTest
    @MethodSource("offsetCommit")
    void offsetCommitOfNobody(int version) {
        OffsetCommitRequestData data = sent(
                ApiKeys.OFFSET_COMMIT,
                new OffsetCommitRequest(7, NOBODY, Map.of(T0, new OffsetAndMetadata(5)), Map.of(), 1),
                version,
                OffsetCommitRequestData::new);
        assertThat(data.memberId()).isEmpty();
        assertThat(data.generationIdOrMemberEpoch()).isEqualTo(-1);
        assertThat(data.groupInstanceId()).isNull();
    }

    static IntStream offsetFetch() {
        return IntStream.rangeClosed(1, 9);
    }

    @ParameterizedTest
    @MethodSource
    void offsetFetch(int version) {
        OffsetFetchRequestData data = offsetFetch(STATIC, version);

        assertThat(data.requireStable()).isEqualTo(version >= 7);
        if (version < 8) {
            assertThat(data.groupId()).isEqualTo("g");
            assertThat(data.topics())
                    .extracting(topic -> topic.name()
                            + topic.partitionIndexes().stream().sorted().toList())
                    .containsExactly("t[0, 2]", "u[1]");
        } else {
            assertThat(data.groups()).singleElement().satisfies(group -> {
                assertThat(group.groupId()).isEqualTo("g");
                assertThat(group.memberId()).isEqualTo(version < 9 ? null : "m");
                assertThat(group.memberEpoch()).isEqualTo(version < 9 ? -1 : 6);
                assertThat(group.topics())
                        .extracting(topic -> topic.name()
                                + topic.partitionIndexes().stream().sorted().toList())
                        .containsExactly("t[0, 2]", "u[1]");
            });
        }
        if (version >= 8) {
            assertThat(offsetFetch(NOBODY, version).groups()).singleElement().satisfies(group -> {
                assertThat(group.memberId()).isNull();
                assertThat(group.memberEpoch()).isEqualTo(-1);
            });
        }
    }

    /** {@code internal.throw.on.fetch.stable.offset.unsupported}, which Kafka Streams sets. */
    @Test
    void whoNeedsStableOffsetsDoesNotAskABrokerThatDoesNotKnowThem() {
        RequestEncoder strict =
                new RequestEncoder("me", new WireSettings(new FetchSettings(500, 1, false, "rack"), 30_000, true));
        Request<?> request = new OffsetFetchRequest(7, STATIC, Set.of(T0), Map.of(), Purpose.COORDINATOR, 1);

        assertThatThrownBy(() -> strict.encode(request, NegotiatedVersionsTest.broker(ApiKeys.OFFSET_FETCH, 1, 6), 77))
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessageContaining("Update the brokers");
        assertThat(strict.encode(request, NegotiatedVersionsTest.broker(ApiKeys.OFFSET_FETCH, 1, 7), 77)
                        .version())
                .isEqualTo((short) 7);
    }

    private OffsetFetchRequestData offsetFetch(MemberIdentity identity, int version) {
        return sent(
                ApiKeys.OFFSET_FETCH,
                new OffsetFetchRequest(7, identity, Set.of(T0, T2, U1), Map.of(), Purpose.COORDINATOR, 1),
                version,
                OffsetFetchRequestData::new);
    }

    @Test
    void aCommitNamesTopicsByIdWhereAllIdsAreKnown() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        offsets.put(T0, new OffsetAndMetadata(5, Optional.of(3), "mark"));
        offsets.put(U1, new OffsetAndMetadata(6));
        offsets.put(T2, new OffsetAndMetadata(7));
        OffsetCommitRequestData data = sent(
                ApiKeys.OFFSET_COMMIT,
                new OffsetCommitRequest(7, STATIC, offsets, IDS, 1),
                10,
                OffsetCommitRequestData::new);

        assertThat(data.memberId()).isEqualTo("m");
        assertThat(data.topics())
                .flatExtracting(topic -> topic.partitions().stream()
                        .map(p -> topic.topicId() + "/" + p.partitionIndex() + "@" + p.committedOffset())
                        .toList())
                .containsExactly(ID + "/0@5", ID + "/2@7", OTHER_ID + "/1@6");
    }

    @Test
    void aLookUpOfCommittedOffsetsNamesTopicsByIdWhereAllIdsAreKnown() {
        OffsetFetchRequestData data = sent(
                ApiKeys.OFFSET_FETCH,
                new OffsetFetchRequest(7, STATIC, Set.of(T0, U1), IDS, Purpose.COORDINATOR, 1),
                10,
                OffsetFetchRequestData::new);

        assertThat(data.requireStable()).isTrue();
        assertThat(data.groups().get(0).topics())
                .extracting(topic -> topic.topicId() + "" + topic.partitionIndexes())
                .containsExactly(ID + "[0]", OTHER_ID + "[1]");
    }

    @Test
    void topicsAreNamedByNameIfOneIdIsNotKnown() {
        Map<String, Uuid> some = Map.of("t", ID, "u", Uuid.ZERO_UUID);
        assertThat(version(ApiKeys.OFFSET_COMMIT, commit(some))).isEqualTo((short) 9);
        assertThat(version(ApiKeys.OFFSET_FETCH, fetch(some))).isEqualTo((short) 9);
        assertThat(version(ApiKeys.OFFSET_COMMIT, commit(Map.of("t", ID)))).isEqualTo((short) 9);
        assertThat(version(ApiKeys.OFFSET_FETCH, fetch(Map.of("t", ID)))).isEqualTo((short) 9);
        assertThat(version(ApiKeys.OFFSET_COMMIT, commit(IDS))).isEqualTo((short) 10);
        assertThat(version(ApiKeys.OFFSET_FETCH, fetch(IDS))).isEqualTo((short) 10);
    }

    private static Request<?> commit(Map<String, Uuid> ids) {
        OffsetAndMetadata offset = new OffsetAndMetadata(5);
        return new OffsetCommitRequest(7, STATIC, Map.of(T0, offset, U1, offset), ids, 1);
    }

    private static Request<?> fetch(Map<String, Uuid> ids) {
        return new OffsetFetchRequest(7, STATIC, Set.of(T0, U1), ids, Purpose.COORDINATOR, 1);
    }

    private short version(ApiKeys api, Request<?> request) {
        return encoder.encode(request, NegotiatedVersionsTest.broker(api, 1, 10), 77)
                .version();
    }

    static IntStream topicIds() {
        return IntStream.rangeClosed(12, 13);
    }

    @ParameterizedTest
    @MethodSource
    void topicIds(int version) {
        MetadataRequestData data = sent(
                ApiKeys.METADATA, new TopicIdsRequest(7, Set.of(ID, OTHER_ID), 1), version, MetadataRequestData::new);

        assertThat(data.allowAutoTopicCreation()).isFalse();
        assertThat(data.topics())
                .extracting(topic -> topic.name() + "/" + topic.topicId())
                .containsExactlyInAnyOrder("null/" + ID, "null/" + OTHER_ID);
    }

    @Test
    void aBrokerThatReadsNoTopicIdsIsNotAskedByThem() {
        assertThatThrownBy(() -> encoder.encode(
                        new TopicIdsRequest(7, Set.of(ID), 1),
                        NegotiatedVersionsTest.broker(ApiKeys.METADATA, 0, 11),
                        77))
                .isInstanceOf(UnsupportedVersionException.class);
    }
}
