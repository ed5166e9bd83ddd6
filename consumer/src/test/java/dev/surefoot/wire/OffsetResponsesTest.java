package dev.surefoot.wire;

import static dev.surefoot.wire.WrittenAnswer.BROKER;
import static dev.surefoot.wire.WrittenAnswer.frame;
import static dev.surefoot.wire.WrittenAnswer.read;
import static dev.surefoot.wire.WrittenAnswer.throttle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitResponse;
import dev.surefoot.core.group.OffsetCommit.Stored;
import dev.surefoot.core.group.OffsetFetch.Found;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.handover.MemberIdentity;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each answer about committed offsets, in each version that is used, written by Kafka's own classes. */
class OffsetResponsesTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T2 = new TopicPartition("t", 2);
    private static final Uuid ID = new Uuid(1, 2);
    private static final MemberIdentity ME = new MemberIdentity("g", "m", 6, null, 1);
    private static final short UNHEARD_OF = 999;
    private static final Request<?> COMMIT = new OffsetCommitRequest(3, ME, Map.of(), Map.of("t", ID), 1);
    private static final Request<?> FETCH =
            new OffsetFetchRequest(3, ME, Set.of(), Map.of("t", ID), Purpose.COORDINATOR, 1);

    private static OffsetCommitResponseTopic topicOfCommit(int version) {
        OffsetCommitResponseTopic topic = new OffsetCommitResponseTopic();
        return version < 10 ? topic.setName("t") : topic.setTopicId(ID);
    }

    private static OffsetFetchResponseTopics topicOfFetch(int version) {
        OffsetFetchResponseTopics topic = new OffsetFetchResponseTopics();
        return version < 10 ? topic.setName("t") : topic.setTopicId(ID);
    }

    static IntStream offsetCommit() {
        return IntStream.rangeClosed(2, 10);
    }

    @ParameterizedTest
    @MethodSource
    void offsetCommit(int version) {
        OffsetCommitResponseData data = new OffsetCommitResponseData()
                .setThrottleTimeMs(throttle(version, 3))
                .setTopics(List.of(topicOfCommit(version)
                        .setPartitions(List.of(
                                new OffsetCommitResponsePartition().setPartitionIndex(0),
                                new OffsetCommitResponsePartition()
                                        .setPartitionIndex(2)
                                        .setErrorCode(UNHEARD_OF)))));
        assertThat(read(COMMIT, ApiKeys.OFFSET_COMMIT, version, data))
                .isEqualTo(new OffsetCommitResponse(
                        throttle(version, 3),
                        Map.of(
                                T0, new Stored(BrokerError.NONE, (short) 0),
                                T2, new Stored(BrokerError.UNKNOWN_SERVER_ERROR, UNHEARD_OF))));
    }

    static IntStream offsetFetch() {
        return IntStream.rangeClosed(1, 10);
    }

    private static OffsetFetchResponseData offsets(int version, short groupError) {
        OffsetFetchResponseData data = new OffsetFetchResponseData().setThrottleTimeMs(throttle(version, 3));
        if (version >= 8) {
            OffsetFetchResponsePartitions first = new OffsetFetchResponsePartitions()
                    .setPartitionIndex(0)
                    .setCommittedOffset(5)
                    .setCommittedLeaderEpoch(3)
                    .setMetadata("mark");
            OffsetFetchResponsePartitions second = new OffsetFetchResponsePartitions()
                    .setPartitionIndex(2)
                    .setCommittedOffset(-1)
                    .setMetadata(null)
                    .setErrorCode((short) 88);
            return data.setGroups(List.of(new OffsetFetchResponseGroup()
                    .setGroupId("g")
                    .setErrorCode(groupError)
                    .setTopics(List.of(topicOfFetch(version).setPartitions(List.of(first, second))))));
        }
        OffsetFetchResponsePartition first = new OffsetFetchResponsePartition()
                .setPartitionIndex(0)
                .setCommittedOffset(5)
                .setMetadata("mark");
        OffsetFetchResponsePartition second = new OffsetFetchResponsePartition()
                .setPartitionIndex(2)
                .setCommittedOffset(-1)
                .setMetadata(null)
                .setErrorCode((short) 88);
        data.setTopics(List.of(new OffsetFetchResponseTopic()
                .setName("t")
                .setPartitions(List.of(version < 5 ? first : first.setCommittedLeaderEpoch(3), second))));
        return version < 2 ? data : data.setErrorCode(groupError);
    }

    @ParameterizedTest
    @MethodSource
    void offsetFetch(int version) {
        int epoch = version < 5 ? -1 : 3;
        BrokerError unstable = BrokerError.UNSTABLE_OFFSET_COMMIT;
        Map<TopicPartition, Found> found = Map.of(
                T0, new Found(BrokerError.NONE, (short) 0, 5, epoch, "mark"),
                T2, new Found(unstable, unstable.code(), -1, -1, null));
        assertThat(read(FETCH, ApiKeys.OFFSET_FETCH, version, offsets(version, (short) 0)))
                .isEqualTo(new OffsetFetchResponse(throttle(version, 3), BrokerError.NONE, (short) 0, found));
        if (version >= 2) {
            assertThat(read(FETCH, ApiKeys.OFFSET_FETCH, version, offsets(version, (short) 113)))
                    .isEqualTo(new OffsetFetchResponse(
                            throttle(version, 3), BrokerError.STALE_MEMBER_EPOCH, (short) 113, found));
        }
        if (version >= 8) {
            assertThatThrownBy(() -> read(FETCH, ApiKeys.OFFSET_FETCH, version, new OffsetFetchResponseData()))
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining("no group");
        }
    }

    @Test
    void anAnswerAboutATopicIdThatWasNotAskedAboutIsRefused() {
        OffsetCommitResponseData commit = new OffsetCommitResponseData()
                .setTopics(List.of(new OffsetCommitResponseTopic().setTopicId(new Uuid(7, 7))));
        assertThatThrownBy(() -> read(COMMIT, ApiKeys.OFFSET_COMMIT, 10, commit))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("topic id " + new Uuid(7, 7));
        OffsetFetchResponseData fetch = new OffsetFetchResponseData()
                .setGroups(List.of(new OffsetFetchResponseGroup()
                        .setTopics(List.of(new OffsetFetchResponseTopics().setTopicId(new Uuid(7, 7))))));
        assertThatThrownBy(() -> read(FETCH, ApiKeys.OFFSET_FETCH, 10, fetch))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("topic id " + new Uuid(7, 7));
    }

    static Stream<Arguments> sound() {
        return Stream.of(
                Arguments.of(COMMIT, ApiKeys.OFFSET_COMMIT, 9, new OffsetCommitResponseData()),
                Arguments.of(FETCH, ApiKeys.OFFSET_FETCH, 9, offsets(9, (short) 0)),
                Arguments.of(FETCH, ApiKeys.OFFSET_FETCH, 10, offsets(10, (short) 0)));
    }

    @ParameterizedTest
    @MethodSource("sound")
    void anAnswerThatEndsTooEarlyIsRefused(Request<?> request, ApiKeys api, int version, ApiMessage message) {
        ByteBuffer whole = frame(api, (short) version, message);
        for (int length = 0; length < whole.limit(); length++) {
            ByteBuffer cut = whole.duplicate().limit(length);
            assertThatThrownBy(() -> read(request, api, version, cut))
                    .as("%d bytes of %d", length, whole.limit())
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining(BROKER);
        }
        assertThat(read(request, api, version, whole.duplicate())).isInstanceOf(request.answerType());
    }
}
