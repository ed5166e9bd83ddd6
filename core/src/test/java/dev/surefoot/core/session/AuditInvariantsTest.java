package dev.surefoot.core.session;

import static dev.surefoot.core.session.SessionAndBroker.AUDIT_NANOS;
import static dev.surefoot.core.session.SessionAndBroker.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.Verdict.Disbelief;
import dev.surefoot.core.session.Verdict.Doubt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Silence about a partition that was just added proves that the broker does not hold it; an audit rests on that. */
class AuditInvariantsTest {
    private final SessionAndBroker pair = new SessionAndBroker();

    @BeforeEach
    void aLiveSession() {
        pair.want("a", 0, 0);
        pair.exchange();
    }

    @Test
    void i24AnAdditionThatIsNotReportedIsDisbelievedAndTheSessionOpenedAnew() {
        pair.want("a", 1, 7);
        FetchPlan adding = pair.send();

        Verdict.Accepted verdict = (Verdict.Accepted) pair.answer(adding);

        assertThat(verdict.doubts())
                .containsExactly(new Doubt(tp("a", 1), SessionAndBroker.at(7), Disbelief.ADDITION_NOT_REPORTED, 1));
        assertThat(pair.plan().kind()).isEqualTo(Kind.FULL);
        assertThat(pair.plan().partitions()).containsOnlyKeys(pair.key("a", 0), pair.key("a", 1));
    }

    @Test
    void aPartitionThatIsOnlyUpdatedMayStaySilent() {
        pair.want("a", 0, 3);
        FetchPlan updating = pair.send();

        Verdict.Accepted verdict = (Verdict.Accepted) pair.answer(updating);

        assertThat(verdict.doubts()).isEmpty();
        assertThat(pair.plan().kind()).isEqualTo(Kind.INCREMENTAL);
    }

    @Test
    void aThrottledAnswerToAnAdditionSaysNothingAndIsNotDisbelieved() {
        pair.want("a", 1, 7);
        FetchPlan adding = pair.send();

        Verdict.Accepted verdict = (Verdict.Accepted) pair.answer(adding, ModelAnswers.throttled(adding.sessionId()));

        assertThat(verdict.doubts()).isEmpty();
        assertThat(pair.plan().kind()).isEqualTo(Kind.INCREMENTAL);
    }

    @Test
    void anAuditOfAnIdleSessionDoesNotEndIt() {
        pair.want("a", 1, 0);
        pair.want("a", 2, 0);
        pair.exchange();
        int opened = pair.session.state().sessionId();
        pair.now += AUDIT_NANOS;
        for (int round = 0; round < 6; round++) {
            pair.exchange();
            assertThat(pair.session.state().sessionId()).isEqualTo(opened);
        }
        assertThat(pair.session.told()).hasSize(3);
        assertThat(pair.plan().forgotten()).as("all have been audited").isEmpty();
    }
}
