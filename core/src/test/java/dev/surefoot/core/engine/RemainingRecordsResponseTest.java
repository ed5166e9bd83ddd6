package dev.surefoot.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsRequest;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.PartitionAnswer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What an answer to a fetch outside of all sessions says of the records that are left. */
class RemainingRecordsResponseTest {
    private static final TopicIdPartition A0 = new TopicIdPartition(new Uuid(1, 1), 0, "a");
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private static RemainingRecordsResponse of(FetchAnswer answer, boolean readCommitted) {
        FetchPlan plan = new FetchPlan(FetchPlan.Kind.SESSIONLESS, 0, -1, true, Map.of(), List.of(), true);
        return RemainingRecordsResponse.of(new RemainingRecordsRequest(1, plan, readCommitted, 1), answer);
    }

    private static RemainingRecordsResponse of(PartitionAnswer... partitions) {
        return of(ModelAnswers.answer(0, List.of(partitions)), false);
    }

    private static FetchAnswer throttled(PartitionAnswer partition) {
        return new FetchAnswer(BrokerError.NONE, 7, 0, List.of(partition), List.of(), Lease.NONE);
    }

    private static PartitionAnswer pinned(ByteBuffer records) {
        return new PartitionAnswer(
                A0.topicId(), null, 0, BrokerError.NONE, 15, 12, 0, -1, List.of(), null, null, records);
    }

    @Test
    void withoutRecordsTheLogIsEmptyUpToWhatMayBeRead() {
        assertThat(of(pinned(NOTHING))).isEqualTo(new RemainingRecordsResponse(0, 15, false));
        assertThat(of(ModelAnswers.answer(0, List.of(pinned(NOTHING))), true))
                .isEqualTo(new RemainingRecordsResponse(0, 12, false));
    }

    @Test
    void withRecordsItIsEmptyUpToTheFirst() {
        ByteBuffer records = ByteBuffer.allocate(100).position(5).putLong(5, 13).slice();
        assertThat(of(pinned(records))).isEqualTo(new RemainingRecordsResponse(0, 13, true));
    }

    @Test
    void anAnswerThatIsNotOfTheLogSaysNothing() {
        RemainingRecordsResponse nothing = new RemainingRecordsResponse(0, -1, false);

        assertThat(of()).isEqualTo(nothing);
        assertThat(of(ModelAnswers.error(A0, BrokerError.OFFSET_OUT_OF_RANGE))).isEqualTo(nothing);
        assertThat(of(ModelAnswers.preferring(A0, 2, 15))).isEqualTo(nothing);
        assertThat(of(ModelAnswers.diverging(A0, 1, 3))).isEqualTo(nothing);
        assertThat(of(pinned(ByteBuffer.allocate(3)))).isEqualTo(nothing);
    }

    @Test
    void aBrokerThatThrottlesMayLeaveOutWhatItHas() {
        assertThat(of(throttled(pinned(NOTHING)), false)).isEqualTo(new RemainingRecordsResponse(7, -1, false));
        ByteBuffer records = ByteBuffer.allocate(100).putLong(0, 13);
        assertThat(of(throttled(pinned(records)), false)).isEqualTo(new RemainingRecordsResponse(7, 13, true));
    }
}
