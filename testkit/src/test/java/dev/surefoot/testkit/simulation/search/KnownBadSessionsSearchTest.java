package dev.surefoot.testkit.simulation.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.testkit.exchange.ChangedAnswers;
import dev.surefoot.testkit.museum.Exhibit;
import dev.surefoot.testkit.simulation.search.SearchReport.Violation;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KnownBadSessionsSearchTest {
    private static final long NEVER = Long.MAX_VALUE / 4;
    private static final int DEPTH_MAX = 30;

    @Test
    void aPlanThatChangesTheSessionIsFoundByOneDroppedPlan() {
        Violation violation = find(WorldSettings.of(KnownBadSessionsSearchTest::exhibitF1), Fault.PLAN_DROPPED);

        assertThat(violation.invariant()).isEqualTo("I12");
        assertThat(violation.path()).containsExactly(Step.SEND, Step.ARRIVE, Step.ANSWER, Step.DELIVER, Step.DROP_PLAN);
        assertThat(violation.toString()).contains("the client plans a fetch that the wire does not take");
    }

    @Test
    void whatComesOfItIsFoundWithoutKnowingWhatAPlanMustSay() {
        Violation violation =
                find(WorldSettings.of(KnownBadSessionsSearchTest::exhibitF1).judgingOutcomesOnly(), Fault.PLAN_DROPPED);

        assertThat(violation.invariant()).isEqualTo("no false alarm");
        assertThat(violation.path()).hasSizeLessThan(10).contains(Step.DROP_PLAN);
    }

    @Test
    void silenceThatIsTrustedForEverStallsWhenTheBrokerLosesAPartition() {
        Violation violation = find(WorldSettings.of(() -> new AlteredSession(NEVER)), Fault.PARTITION_LOST);

        assertThat(violation.invariant()).isEqualTo("progress");
        assertThat(violation.path()).endsWith(Step.LOSE_PARTITION_0);
    }

    @Test
    void aPartitionThatIsNeverForgottenIsFoundByAPause() {
        Violation violation = find(WorldSettings.of(NeverForgetting::new), Fault.PAUSE);

        assertThat(violation.invariant()).isEqualTo("I12");
        assertThat(violation.path()).containsOnlyOnce(Step.PAUSE_0).endsWith(Step.SEND);
    }

    @Test
    void aSessionIdThatIsNotLookedAtIsFoundByAWrongOne() {
        Violation violation = find(WorldSettings.of(BlindToSessionIds::new), Fault.WRONG_SESSION_ID);

        assertThat(violation.invariant()).isEqualTo("no missed alarm");
        assertThat(violation.path()).contains(Step.WRONG_SESSION_ID);
    }

    @Test
    void aLostFetchThatIsTakenForAServedOneIsFoundByALostRequest() {
        Violation violation = find(WorldSettings.of(Hopeful::new), Fault.REQUEST_LOST);

        assertThat(violation.invariant()).isEqualTo("I9");
        assertThat(violation.path()).contains(Step.LOSE_REQUEST);
    }

    @Test
    void aSessionThatDoesNotAnnounceAPartitionAnewIsFoundByTheLever() {
        Violation violation = find(WorldSettings.of(DeafToReannounce::new), Fault.LEVER);

        assertThat(violation.invariant()).isEqualTo("I24");
        assertThat(violation.path()).containsAnyOf(Step.REANNOUNCE_0, Step.REANNOUNCE_1);
    }

    @Test
    void aSessionThatIsNotReplacedIsFoundByTheLever() {
        Violation violation = find(WorldSettings.of(DeafToReopen::new), Fault.LEVER);

        assertThat(violation.invariant()).isEqualTo("I9");
        assertThat(violation.path()).contains(Step.REOPEN);
    }

    private static Violation find(WorldSettings settings, Fault fault) {
        SearchReport report =
                ExhaustiveSearch.run(settings, FaultBudget.of(Set.of(fault), 1, 1), DEPTH_MAX, () -> false);
        assertThat(report.violation()).as("%s", report).isNotNull();
        return report.violation();
    }

    private static FetchSession exhibitF1() {
        Supplier<FetchSession> unused = () -> new AlteredSession(NEVER);
        return Exhibit.F1.seams().sessions().apply(nodeId -> unused.get()).open(1);
    }

    /** Keeps to itself what it no longer wants. */
    private static final class NeverForgetting extends AlteredSession {
        NeverForgetting() {
            super(NEVER);
        }

        @Override
        FetchPlan altered(FetchPlan plan) {
            return new FetchPlan(
                    plan.kind(),
                    plan.sessionId(),
                    plan.epoch(),
                    plan.byTopicId(),
                    plan.partitions(),
                    List.of(),
                    plan.immediate());
        }
    }

    /** Takes every answer for one of its own session. */
    private static final class BlindToSessionIds extends AlteredSession {
        BlindToSessionIds() {
            super(NEVER);
        }

        @Override
        FetchAnswer altered(FetchPlan plan, FetchAnswer answer) {
            boolean other = plan.sessionId() > 0 && answer.sessionId() > 0 && plan.epoch() > 0;
            return other ? ChangedAnswers.withSessionId(answer, plan.sessionId()) : answer;
        }
    }

    /** Goes on with the session as if it had not been asked to announce a partition anew. */
    private static final class DeafToReannounce extends AlteredSession {
        DeafToReannounce() {
            super(NEVER);
        }

        @Override
        public void reannounce(TopicPartition partition) {}
    }

    /** Goes on with the session as if it had not been asked to replace it. */
    private static final class DeafToReopen extends AlteredSession {
        DeafToReopen() {
            super(NEVER);
        }

        @Override
        public void reopen() {}
    }

    /** Goes on as if a fetch that failed had been served. */
    private static final class Hopeful extends AlteredSession {
        Hopeful() {
            super(NEVER);
        }

        @Override
        public void failed(FetchPlan plan) {
            FetchAnswer nothingNew =
                    new FetchAnswer(BrokerError.NONE, 1, plan.sessionId(), List.of(), List.of(), Lease.NONE);
            sound.answered(planned(), nothingNew, 0);
        }
    }
}
