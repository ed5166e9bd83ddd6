package dev.surefoot.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.PartitionAnswer.LeaderHint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;

class FetchResponseCodecTest {
    private static final Uuid ORDERS = new Uuid(7, 8);
    private static final Uuid BILLS = new Uuid(7, 9);

    @Test
    void partitionsKeepTheBrokersOrderOverRepeatedTopics() {
        FetchResponseData data = response(topic(ORDERS, 1, 0), topic(BILLS, 0), topic(ORDERS, 2));

        assertThat(read(data, 17).partitions())
                .extracting(PartitionAnswer::topicId, PartitionAnswer::partition)
                .containsExactly(tuple(ORDERS, 1), tuple(ORDERS, 0), tuple(BILLS, 0), tuple(ORDERS, 2));
    }

    @Test
    void nullRecordsAndNullAbortedTransactionsAreEmpty() {
        PartitionAnswer partition =
                read(response(topic(ORDERS, 0)), 17).partitions().get(0);

        assertThat(partition.records().hasRemaining()).isFalse();
        assertThat(partition.abortedTransactions()).isEmpty();
    }

    @Test
    void aVersionBeforeSessionsGrantsNoneAndHasNoErrorOfItsOwn() {
        FetchAnswer answer = read(new FetchResponseData().setThrottleTimeMs(9).setErrorCode((short) 70), 6);

        assertThat(answer.throttleTimeMs()).isEqualTo(9);
        assertThat(answer.error()).isEqualTo(BrokerError.NONE);
        assertThat(answer.sessionId()).isZero();
    }

    @Test
    void errorsOfTheSessionAndOfAPartitionAreToldApart() {
        FetchResponseData data = response(topic(ORDERS, 0));
        data.setErrorCode((short) 71).setSessionId(55);
        data.responses().get(0).partitions().get(0).setErrorCode((short) 103);

        FetchAnswer answer = read(data, 17);

        assertThat(answer.error()).isEqualTo(BrokerError.INVALID_FETCH_SESSION_EPOCH);
        assertThat(answer.sessionId()).isEqualTo(55);
        assertThat(answer.partitions().get(0).error()).isEqualTo(BrokerError.INCONSISTENT_TOPIC_ID);
    }

    @Test
    void anErrorCodeOfTheFutureIsAnUnknownServerError() {
        assertThat(read(new FetchResponseData().setErrorCode((short) 9999), 17).error())
                .isEqualTo(BrokerError.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void errorCodesKeepTheirNumbers() {
        FetchResponseData data = response(topic(ORDERS, 0, 1));
        data.setErrorCode((short) 9999);
        data.responses().get(0).partitions().get(0).setErrorCode((short) 8888);

        FetchAnswer answer = read(data, 17);

        assertThat(answer.errorCode()).isEqualTo((short) 9999);
        assertThat(answer.partitions())
                .extracting(PartitionAnswer::error, PartitionAnswer::errorCode)
                .containsExactly(
                        tuple(BrokerError.UNKNOWN_SERVER_ERROR, (short) 8888), tuple(BrokerError.NONE, (short) 0));
    }

    @Test
    void aLeaderOfWhomOnlyTheEpochIsKnownIsAHint() {
        FetchResponseData data = response(topic(ORDERS, 0));
        data.responses().get(0).partitions().get(0).setCurrentLeader(new LeaderIdAndEpoch().setLeaderEpoch(4));

        assertThat(read(data, 17).partitions().get(0).currentLeader()).isEqualTo(new LeaderHint(-1, 4));
    }

    @Test
    void aDivergingEpochAndALeaderOfMinusOneAreNone() {
        ByteBuffer body = ByteBuffer.allocate(200);
        WireWriter out = new WireWriter(body, true);
        out.int32(0); // throttle time
        out.int16(0);
        out.int32(0); // session id
        out.count(1);
        out.uuid(ORDERS);
        out.count(1);
        out.int32(0); // partition
        out.int16(0);
        out.int64(10);
        out.int64(10);
        out.int64(0);
        out.count(0); // aborted transactions
        out.int32(-1);
        out.count(0); // records
        out.unsignedVarint(2);
        out.unsignedVarint(0); // diverging epoch
        out.unsignedVarint(13);
        out.int32(-1);
        out.int64(-1);
        out.noTaggedFields();
        out.unsignedVarint(1); // current leader
        out.unsignedVarint(9);
        out.int32(-1);
        out.int32(-1);
        out.noTaggedFields();
        out.noTaggedFields();
        out.noTaggedFields();

        PartitionAnswer partition = FetchResponseCodec.read(body.flip(), (short) 17, Lease.NONE)
                .partitions()
                .get(0);

        assertThat(partition.divergingEpoch()).isNull();
        assertThat(partition.currentLeader()).isNull();
    }

    @Test
    void theTagsOfOnePartitionDoNotReachTheNext() {
        FetchResponseData data = response(topic(ORDERS, 0, 1));
        data.responses()
                .get(0)
                .partitions()
                .get(0)
                .setCurrentLeader(new LeaderIdAndEpoch().setLeaderId(2).setLeaderEpoch(4));

        assertThat(read(data, 17).partitions())
                .extracting(PartitionAnswer::currentLeader)
                .containsExactly(new LeaderHint(2, 4), null);
    }

    @Test
    void readingLeavesTheBufferAloneWhateverItsByteOrder() {
        ByteBuffer message = bytes(response(topic(ORDERS, 3)), 17);
        ByteBuffer body = ByteBuffer.allocateDirect(message.remaining() + 8)
                .position(5)
                .put(message)
                .flip()
                .position(5)
                .order(ByteOrder.LITTLE_ENDIAN);
        int limit = body.limit();

        FetchAnswer answer = FetchResponseCodec.read(body, (short) 17, Lease.NONE);

        assertThat(answer.partitions()).extracting(PartitionAnswer::partition).containsExactly(3);
        assertThat(body.position()).isEqualTo(5);
        assertThat(body.limit()).isEqualTo(limit);
    }

    @Test
    void theLeaseIsPassedOnUntouched() {
        Lease untouchable = new Lease() {
            @Override
            public void retain() {
                throw new AssertionError("retained");
            }

            @Override
            public void release() {
                throw new AssertionError("released");
            }

            @Override
            public boolean held() {
                return true;
            }

            @Override
            public int bytes() {
                return 0;
            }
        };

        FetchAnswer answer = FetchResponseCodec.read(bytes(response(topic(ORDERS, 0)), 17), (short) 17, untouchable);

        assertThat(answer.lease()).isSameAs(untouchable);
    }

    private static FetchResponseData response(FetchableTopicResponse... topics) {
        return new FetchResponseData().setResponses(List.of(topics));
    }

    private static FetchableTopicResponse topic(Uuid id, int... partitions) {
        FetchableTopicResponse topic = new FetchableTopicResponse().setTopicId(id);
        for (int partition : partitions) {
            topic.partitions().add(new PartitionData().setPartitionIndex(partition));
        }
        return topic;
    }

    private static FetchAnswer read(FetchResponseData data, int version) {
        return FetchResponseCodec.read(bytes(data, version), (short) version, Lease.NONE);
    }

    private static ByteBuffer bytes(FetchResponseData data, int version) {
        return MessageUtil.toByteBufferAccessor(data, (short) version).buffer();
    }
}
