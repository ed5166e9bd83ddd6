package dev.surefoot.core.session;

import static dev.surefoot.core.session.SessionAndBroker.AUDIT_NANOS;
import static dev.surefoot.core.session.SessionAndBroker.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.Verdict.Doubt;
import dev.surefoot.core.session.Verdict.DoubtReason;
import dev.surefoot.core.session.Verdict.Outcome;
import java.util.List;
import org.apache.kafka.common.Uuid;
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
    void i24AnAdditionThatIsNotReportedIsDoubtedAndTheSessionOpenedAnew() {
        pair.want("a", 1, 7);
        FetchPlan adding = pair.send();

        Verdict.Accepted verdict = (Verdict.Accepted) pair.answer(adding);

        assertThat(verdict.doubts())
                .containsExactly(new Doubt(tp("a", 1), SessionAndBroker.at(7), DoubtReason.ADDITION_NOT_REPORTED, 1));
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
    void aThrottledAnswerToAnAdditionSaysNothingAndIsNotDoubted() {
        pair.want("a", 1, 7);
        FetchPlan adding = pair.send();

        Verdict.Accepted verdict = (Verdict.Accepted) pair.answer(adding, ModelAnswers.throttled(adding.sessionId()));

        assertThat(verdict.doubts()).isEmpty();
        assertThat(pair.plan().kind()).isEqualTo(Kind.INCREMENTAL);
    }

    @Test
    void aThrottledAnswerThatMentionsOthersIsExpectedToMentionTheAddition() {
        pair.want("a", 1, 7);
        FetchPlan adding = pair.send();

        Verdict.Accepted verdict = (Verdict.Accepted) pair.answer(
                adding, ModelAnswers.throttled(adding.sessionId(), List.of(ModelAnswers.marks(pair.key("a", 0), 3))));

        assertThat(verdict.doubts()).extracting(Doubt::reason).containsExactly(DoubtReason.ADDITION_NOT_REPORTED);
    }

    @Test
    void i24ATopicThatWasCreatedAgainIsAnAdditionThatHasToBeReported() {
        pair.ids.put("a", Uuid.randomUuid());
        pair.want("a", 0, 0);
        FetchPlan adding = pair.send();

        Verdict.Accepted verdict = (Verdict.Accepted) pair.answer(adding);

        assertThat(verdict.doubts())
                .containsExactly(new Doubt(tp("a", 0), SessionAndBroker.at(0), DoubtReason.ADDITION_NOT_REPORTED, 1));
    }

    @Test
    void i24SilenceCountsFromTheAnswerThatOpenedTheSession() {
        pair.want("a", 1, 0);
        pair.session.failed(pair.send());
        pair.exchange();

        pair.now += AUDIT_NANOS - 1;
        assertThat(pair.plan().forgotten()).isEmpty();
        pair.now += 1;
        assertThat(pair.plan().forgotten()).hasSize(1);
    }

    @Test
    void i24ASessionOfOnePartitionIsAuditedTooAndOpenedAnew() {
        int old = pair.session.belief().sessionId();
        pair.broker.lose(pair.key("a", 0));
        pair.endOffsets.put(tp("a", 0), 5L);
        pair.now += AUDIT_NANOS;

        assertThat(pair.plan().forgotten()).containsExactly(pair.key("a", 0));
        FetchPlan audit = pair.send();
        assertThat(((Verdict.Accepted) pair.answer(audit, pair.broker.serve(audit))).outcome())
                .isEqualTo(Outcome.ENDED);
        assertThat(pair.exchange().reports())
                .extracting(PartitionReport::partition)
                .containsExactly(tp("a", 0));
        assertThat(pair.session.belief().sessionId()).isNotEqualTo(old);
    }

    @Test
    void i24TellingTheBrokerSomethingNewDoesNotBreakItsSilence() {
        pair.want("a", 1, 0);
        pair.want("a", 2, 0);
        pair.exchange();
        pair.now += AUDIT_NANOS / 2;
        pair.want("a", 0, 3);
        pair.exchange();
        pair.now += AUDIT_NANOS / 2 - 1;
        assertThat(pair.plan().forgotten()).isEmpty();
        pair.now += 1;

        assertThat(pair.plan().forgotten()).contains(pair.key("a", 0));
    }

    @Test
    void i24WantingTheSameAgainDoesNotPutOffAnAudit() {
        pair.want("a", 1, 0);
        pair.exchange();
        pair.now += AUDIT_NANOS;

        pair.want("a", 0, 0);

        assertThat(pair.plan().forgotten()).containsExactly(pair.key("a", 0));
    }

    @Test
    void anAuditOfAnIdleSessionDoesNotEndIt() {
        pair.want("a", 1, 0);
        pair.want("a", 2, 0);
        pair.exchange();
        int opened = pair.session.belief().sessionId();
        pair.now += AUDIT_NANOS;
        for (int round = 0; round < 6; round++) {
            pair.exchange();
            assertThat(pair.session.belief().sessionId()).isEqualTo(opened);
        }
        assertThat(pair.session.belief().told()).hasSize(3);
        assertThat(pair.plan().forgotten()).as("all have been audited").isEmpty();
    }

    @Test
    void whatIsToBeAnnouncedAnewIsRemovedByTheNextRequestAndAddedByTheOneAfter() {
        pair.want("a", 1, 0);
        pair.exchange();
        pair.session.reannounce(tp("a", 0));

        FetchPlan removing = pair.send();
        pair.answer(removing);

        assertThat(removing.forgotten()).containsExactly(pair.key("a", 0));
        assertThat(removing.immediate()).isTrue();
        assertThat(pair.plan().partitions()).containsOnlyKeys(pair.key("a", 0));
    }

    @Test
    void aSeekThatLeadsBackToWhatTheBrokerHoldsDelaysNoAnnouncement() {
        pair.want("a", 1, 0);
        pair.exchange();
        pair.want("a", 0, 5);
        pair.want("a", 0, 0);
        pair.session.reannounce(tp("a", 0));

        assertThat(pair.plan().forgotten()).containsExactly(pair.key("a", 0));
    }

    @Test
    void aPartitionThatIsNamedAnywayTakesNoPlaceOfOneThatIsToBeAnnouncedAnew() {
        pair.want("a", 1, 0);
        pair.exchange();
        pair.session.reannounce(tp("a", 0));
        pair.session.reannounce(tp("a", 1));
        pair.want("a", 0, 5);

        assertThat(pair.plan().forgotten()).containsExactly(pair.key("a", 1));
    }
}
