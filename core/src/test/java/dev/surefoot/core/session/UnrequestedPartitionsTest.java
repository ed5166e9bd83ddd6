package dev.surefoot.core.session;

import static dev.surefoot.core.model.ModelAnswers.marks;
import static dev.surefoot.core.session.SessionAndBroker.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.Verdict.Mismatch;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which partitions count as asked for follows the session's life: additions, removals, new ids, and its end (I18). */
class UnrequestedPartitionsTest {
    private final SessionAndBroker pair = new SessionAndBroker();

    @BeforeEach
    void aLiveSession() {
        pair.want("a", 0, 0);
        pair.want("a", 1, 0);
        pair.want("b", 0, 0);
        pair.exchange();
    }

    private static Mismatch mismatch(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.SessionMismatch.class);
        return ((Verdict.SessionMismatch) verdict).mismatch();
    }

    @Test
    void i18ATopicIsInTheSessionUntilItsLastPartitionIsForgotten() {
        pair.unwant("a", 0);
        pair.want("a", 1, 1);
        pair.exchange();
        assertThat(pair.answer(pair.send(), marks(pair.key("a", 1), 2))).isInstanceOf(Verdict.Accepted.class);

        pair.unwant("a", 1);
        FetchPlan forgetting = pair.send();
        pair.answer(forgetting, ModelAnswers.answer(forgetting.sessionId(), List.of()));

        assertThat(mismatch(pair.answer(pair.send(), marks(pair.key("a", 1), 3))))
                .isEqualTo(Mismatch.UNREQUESTED_TOPIC_ID);
    }

    @Test
    void i18ATopicOfASessionThatIsGoneIsNotInTheNextOne() {
        pair.session.failed(pair.send());
        pair.unwant("a", 0);
        pair.unwant("a", 1);
        pair.exchange();

        assertThat(mismatch(pair.answer(pair.send(), marks(pair.key("a", 0), 2))))
                .isEqualTo(Mismatch.UNREQUESTED_TOPIC_ID);
    }

    @Test
    void i18APartitionIsInTheSessionOnlyUnderTheIdItWasToldWith() {
        Uuid renewed = Uuid.randomUuid();
        pair.session.want(tp("a", 1), renewed, SessionAndBroker.at(0));
        pair.exchange();

        TopicIdPartition early = new TopicIdPartition(renewed, tp("a", 0));

        assertThat(mismatch(pair.answer(pair.send(), marks(early, 2)))).isEqualTo(Mismatch.UNREQUESTED_PARTITION);
    }

    @Test
    void i18ARequestWithoutASessionAsksOnlyForWhatItLists() {
        pair.unwant("a", 1);
        FetchPlan plan = pair.session.plan(true, false, pair.now);
        assertThat(plan.kind()).isEqualTo(Kind.SESSIONLESS);
        pair.session.sent(plan);

        Verdict verdict =
                pair.answer(plan, marks(pair.key("a", 0), 2), marks(pair.key("a", 1), 2), marks(pair.key("b", 0), 2));

        assertThat(mismatch(verdict)).isEqualTo(Mismatch.UNREQUESTED_PARTITION);
    }
}
