package dev.surefoot.core.session;

import static dev.surefoot.core.session.SessionAndBroker.at;
import static dev.surefoot.core.session.SessionAndBroker.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.Verdict.Outcome;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions by topic id, sessions by name, and topics that are created again. */
class TopicIdInvariantsTest {
    private final SessionAndBroker pair = new SessionAndBroker();

    @BeforeEach
    void aLiveSessionByTopicId() {
        pair.want("a", 0, 0);
        pair.want("a", 1, 0);
        pair.want("b", 0, 0);
        pair.exchange();
    }

    @Test
    void i13ATopicThatWasCreatedAgainIsForgottenByItsOldIdAndAddedByItsNewOne() {
        TopicIdPartition old = pair.key("a", 0);
        pair.ids.put("a", Uuid.randomUuid());
        pair.want("a", 0, 0);

        FetchPlan plan = pair.plan();

        assertThat(plan.forgotten()).containsExactly(old);
        assertThat(plan.partitions()).containsOnlyKeys(pair.key("a", 0));
        pair.exchange();
        assertThat(pair.plan().partitions()).isEmpty();
        assertThat(pair.plan().forgotten()).isEmpty();
    }

    @Test
    void i13AForgottenPartitionIsNamedByTheIdTheBrokerHoldsAndNotByTheNewestOne() {
        TopicIdPartition old = pair.key("a", 0);
        pair.ids.put("a", Uuid.randomUuid());
        pair.want("a", 0, 0);
        pair.ids.put("a", Uuid.randomUuid());
        pair.want("a", 0, 0);
        pair.unwant("a", 0);

        assertThat(pair.plan().forgotten()).containsExactly(old);
        assertThat(pair.plan().partitions()).isEmpty();
        pair.exchange();
    }

    @Test
    void i13TwoIdsOfOneNameAreKeptApartInOneRequest() {
        List<TopicIdPartition> old = List.of(pair.key("a", 0), pair.key("a", 1));
        pair.ids.put("a", Uuid.randomUuid());
        pair.unwant("a", 0);
        pair.want("a", 1, 0);

        FetchPlan plan = pair.plan();

        assertThat(plan.forgotten()).containsExactlyInAnyOrderElementsOf(old);
        assertThat(plan.partitions()).containsOnlyKeys(pair.key("a", 1));
        pair.exchange();
    }

    @Test
    void i13AnIdThatChangesWhileARequestIsOutstandingIsSaidInTheNextOne() {
        TopicIdPartition old = pair.key("a", 0);
        pair.want("a", 0, 5);
        FetchPlan plan = pair.send();
        pair.ids.put("a", Uuid.randomUuid());
        pair.want("a", 0, 5);
        pair.answer(plan, pair.broker.serve(plan));

        assertThat(pair.plan().forgotten()).containsExactly(old);
        assertThat(pair.plan().partitions()).containsOnlyKeys(pair.key("a", 0));
        pair.exchange();
    }

    @Test
    void i13AnIdThatIsAllThatChangesWhileARequestIsOutstandingIsSaidInTheNextOne() {
        pair.want("c", 0, 5);
        TopicIdPartition old = pair.key("c", 0);
        FetchPlan plan = pair.send();
        pair.ids.put("c", Uuid.randomUuid());
        pair.want("c", 0, 5);
        pair.answer(plan, pair.broker.serve(plan));

        assertThat(pair.plan().forgotten()).containsExactly(old);
        assertThat(pair.plan().partitions()).containsOnlyKeys(pair.key("c", 0));
        pair.exchange();
    }

    @Test
    void i14ATopicWithoutAnIdTurnsTheSessionIntoOneByName() {
        int old = pair.session.belief().sessionId();
        pair.session.want(tp("c", 0), Uuid.ZERO_UUID, at(0));

        FetchPlan plan = pair.plan();

        assertThat(plan)
                .extracting(FetchPlan::kind, FetchPlan::sessionId, FetchPlan::epoch, FetchPlan::byTopicId)
                .containsExactly(Kind.FULL, old, 0, false);
        assertThat(plan.partitions().keySet()).allMatch(key -> key.topicId().equals(Uuid.ZERO_UUID));
        pair.exchange();
        assertThat(pair.plan())
                .extracting(FetchPlan::kind, FetchPlan::byTopicId)
                .containsExactly(Kind.INCREMENTAL, false);
    }

    @Test
    void i14OnceEveryTopicHasAnIdTheSessionIsReplacedByOneById() {
        pair.session.want(tp("c", 0), Uuid.ZERO_UUID, at(0));
        pair.exchange();
        pair.want("c", 0, 0);

        assertThat(pair.plan())
                .extracting(FetchPlan::kind, FetchPlan::byTopicId)
                .containsExactly(Kind.FULL, true);
        pair.exchange();
        assertThat(pair.plan().kind()).isEqualTo(Kind.INCREMENTAL);
        assertThat(pair.broker.sessions()).isEqualTo(1);
    }

    @Test
    void i14ATopicWithoutAnIdThatIsNoLongerWantedDoesNotKeepTheOthersFromTheirIds() {
        pair.session.want(tp("c", 0), Uuid.ZERO_UUID, at(0));
        pair.session.want(tp("c", 1), Uuid.ZERO_UUID, at(0));
        pair.exchange();
        pair.unwant("c", 0);
        assertThat(pair.plan().byTopicId()).isFalse();
        pair.unwant("c", 1);

        assertThat(pair.plan())
                .extracting(FetchPlan::kind, FetchPlan::byTopicId)
                .containsExactly(Kind.FULL, true);
        pair.exchange();
    }

    @Test
    void i14ASessionByNameThatWantsNothingAnyMoreIsEmptiedByName() {
        pair.session.want(tp("c", 0), Uuid.ZERO_UUID, at(0));
        pair.exchange();
        for (TopicPartition partition : List.of(tp("a", 0), tp("a", 1), tp("b", 0), tp("c", 0))) {
            pair.session.unwant(partition);
        }

        FetchPlan plan = pair.plan();

        assertThat(plan).extracting(FetchPlan::kind, FetchPlan::byTopicId).containsExactly(Kind.INCREMENTAL, false);
        assertThat(plan.forgotten()).hasSize(4);
        pair.exchange();
        assertThat(pair.broker.sessions()).isZero();
    }

    @Test
    void i14ABrokerThatKnowsNoTopicIdsGetsNames() {
        pair.topicIds = false;

        assertThat(pair.plan())
                .extracting(FetchPlan::kind, FetchPlan::byTopicId)
                .containsExactly(Kind.FULL, false);
        pair.exchange();
        pair.ids.put("a", Uuid.randomUuid());
        pair.want("a", 0, 7);
        FetchPlan plan = pair.plan();
        assertThat(plan.forgotten())
                .as("a forget by name would delete the update")
                .isEmpty();
        assertThat(plan.partitions()).containsOnlyKeys(new TopicIdPartition(Uuid.ZERO_UUID, tp("a", 0)));
        pair.exchange();
    }

    @Test
    void i14ARefusedNamingModeCostsOneFullRequest() {
        int old = pair.session.belief().sessionId();
        pair.answer(pair.send(), ModelAnswers.refused(BrokerError.FETCH_SESSION_TOPIC_ID_ERROR));

        assertThat(pair.plan())
                .extracting(FetchPlan::kind, FetchPlan::sessionId, FetchPlan::epoch)
                .containsExactly(Kind.FULL, old, 0);
        pair.exchange();
        assertThat(pair.plan().kind()).isEqualTo(Kind.INCREMENTAL);
    }

    @Test
    void sessionsThatAreSwitchedOffAreNeitherAskedForNorTakenUp() {
        SessionAndBroker off = SessionAndBroker.withoutSessions();
        off.want("a", 0, 0);
        for (int round = 0; round < 2; round++) {
            FetchPlan plan = off.send();

            assertThat(plan)
                    .extracting(FetchPlan::kind, FetchPlan::sessionId, FetchPlan::epoch)
                    .containsExactly(Kind.SESSIONLESS, 0, -1);
            Verdict verdict =
                    off.answer(plan, ModelAnswers.answer(55, List.of(ModelAnswers.marks(off.key("a", 0), 0))));
            assertThat(((Verdict.Accepted) verdict).outcome()).isEqualTo(Outcome.NOT_GRANTED);
            assertThat(((Verdict.Accepted) verdict).reports()).hasSize(1);
        }
        assertThat(off.session.close()).isNull();
    }

    @Test
    void aBrokerWithoutSessionsGetsFullListsAndNoSessionIsAskedFor() {
        FetchPlan plan = pair.session.plan(false, false, pair.now);

        assertThat(plan)
                .extracting(FetchPlan::kind, FetchPlan::sessionId, FetchPlan::epoch)
                .containsExactly(Kind.SESSIONLESS, 0, -1);
        assertThat(plan.partitions()).hasSize(3);
    }
}
