package dev.surefoot.testkit.museum;

import static dev.surefoot.testkit.museum.OneSession.GRANTED;
import static dev.surefoot.testkit.museum.OneSession.answer;
import static dev.surefoot.testkit.museum.OneSession.at;
import static dev.surefoot.testkit.museum.OneSession.error;
import static dev.surefoot.testkit.museum.OneSession.marks;
import static dev.surefoot.testkit.museum.OneSession.refused;
import static dev.surefoot.testkit.museum.OneSession.throttled;
import static dev.surefoot.testkit.museum.OneSession.tp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** Exhibits that go wrong in session id and epoch, in what is outstanding, in pace and in closing. */
class FlawsInSessionsTest {

    private static Tuple head(FetchPlan plan) {
        return tuple(plan.kind(), plan.sessionId(), plan.epoch());
    }

    @Test
    void f2StaysOutstandingAfterARefusal() {
        OneSession one = new OneSession("F2").opened("a");

        one.answer(one.send(), refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND));

        assertThat(one.session.outstanding()).isTrue();
    }

    @Test
    void f4SendsASecondRequestWithTheSameEpoch() {
        OneSession one = new OneSession("F4").opened("a");
        FetchPlan first = one.send();
        assertThat(one.session.outstanding()).isFalse();

        FetchPlan second = one.send();

        assertThat(second).isEqualTo(first).isNotSameAs(first);
        assertThat(one.session.outstanding()).as("two are enough").isTrue();
        assertThat(one.answer(first)).isInstanceOf(Verdict.Accepted.class);
        assertThat(one.answer(second, refused(BrokerError.INVALID_FETCH_SESSION_EPOCH)))
                .isEqualTo(new Verdict.Ignored());
        assertThat(head(one.send())).isEqualTo(tuple(Kind.INCREMENTAL, GRANTED, 2));
    }

    @Test
    void f6OpensASessionWithEachRequest() {
        OneSession one = new OneSession("F6").opened("a");
        FetchPlan plan = one.send();

        Verdict.Accepted verdict = (Verdict.Accepted) one.answer(plan, marks(one.key("a", 0)), marks(one.key("a", 1)));

        assertThat(head(plan)).isEqualTo(tuple(Kind.FULL, 0, 0));
        assertThat(plan.partitions()).hasSize(2);
        assertThat(verdict.outcome()).isEqualTo(Outcome.OPENED);
        assertThat(one.session.brokerHoldsAny()).isTrue();
    }

    @Test
    void f8RepeatsTheEpochAfterAPartitionsError() {
        OneSession one = new OneSession("F8").opened("a");
        one.answer(one.send());

        one.answer(one.send(), error(one.key("a", 0), BrokerError.NOT_LEADER_OR_FOLLOWER));

        FetchPlan repeated = one.send();
        assertThat(head(repeated)).isEqualTo(tuple(Kind.INCREMENTAL, GRANTED, 2));
        one.answer(repeated, refused(BrokerError.INVALID_FETCH_SESSION_EPOCH));
        assertThat(head(one.plan())).isEqualTo(tuple(Kind.FULL, GRANTED, 0));
    }

    @Test
    void f9RepeatsWhatWasRefused() {
        OneSession one = new OneSession("F9").opened("a");
        FetchPlan first = one.send();

        one.answer(first, refused(BrokerError.INVALID_FETCH_SESSION_EPOCH));
        FetchPlan second = one.send();
        one.answer(second, refused(BrokerError.INVALID_FETCH_SESSION_EPOCH));

        assertThat(second).isEqualTo(first);
        assertThat(one.plan()).isEqualTo(first);
    }

    @Test
    void f16ContinuesASessionZero() {
        OneSession one = new OneSession("F16").opened("a");
        one.answer(one.send(), answer(0));

        FetchPlan plan = one.send();

        assertThat(head(plan)).isEqualTo(tuple(Kind.INCREMENTAL, 0, 2));
        assertThat(plan.partitions()).isEmpty();
        one.answer(plan, refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND));
        assertThat(head(one.plan())).isEqualTo(tuple(Kind.FULL, 0, 0));
    }

    @Test
    void f16bAsksForNoSessionAnyMore() {
        OneSession one = new OneSession("F16b").opened("a");
        one.answer(one.send(), answer(0));

        for (int request = 0; request < 3; request++) {
            FetchPlan plan = one.send();
            assertThat(head(plan)).isEqualTo(tuple(Kind.SESSIONLESS, 0, -1));
            assertThat(plan.partitions()).hasSize(2);
            one.answer(plan, answer(0, marks(one.key("a", 0)), marks(one.key("a", 1))));
        }
    }

    @Test
    void f17RepeatsTheEpochAfterThrottling() {
        OneSession one = new OneSession("F17").opened("a");

        one.answer(one.send(), throttled(GRANTED));

        assertThat(head(one.plan())).isEqualTo(tuple(Kind.INCREMENTAL, GRANTED, 1));
    }

    @Test
    void f22NamesTheSessionThatTheBrokerDoesNotKnow() {
        OneSession one = new OneSession("F22").opened("a");

        one.answer(one.send(), refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND));

        assertThat(head(one.plan())).isEqualTo(tuple(Kind.FULL, GRANTED, 0));
    }

    @Test
    void f32HasNothingToTellABrokerThatHasNothingToFetch() {
        OneSession one = new OneSession("F32").opened("a");
        assertThat(one.session.brokerHoldsAny()).isTrue();

        one.session.unwant(tp("a", 0));
        one.session.unwant(tp("a", 1));

        assertThat(one.session.brokerHoldsAny()).isFalse();
    }

    @Test
    void a8IsNeverPaced() {
        OneSession one = new OneSession("A8").opened("a");

        for (int reset = 0; reset < 5; reset++) {
            one.answer(one.send(), refused(BrokerError.INVALID_FETCH_SESSION_EPOCH));
            assertThat(one.session.retryAtNanos()).isLessThanOrEqualTo(one.now);
        }
    }

    @Test
    void a9ClosesASessionThatThereNeverWas() {
        OneSession one = new OneSession("A9");

        assertThat(head(one.session.close())).isEqualTo(tuple(Kind.CLOSE, 0, -1));
        assertThat(one.session.close()).isNull();
        assertThat(head(new OneSession("A9").opened("a").session.close())).isEqualTo(tuple(Kind.CLOSE, GRANTED, -1));
    }

    @Test
    void x7CountsOnFromTheLargestEpoch() {
        EpochsByHand epochs = new EpochsByHand();
        EpochOverflow session = new EpochOverflow(epochs);
        List<Integer> said = new ArrayList<>();

        for (int epoch : new int[] {Integer.MAX_VALUE - 1, Integer.MAX_VALUE, 1, 2}) {
            epochs.next = epoch;
            FetchPlan plan = session.plan(true, true, 0);
            session.sent(plan);
            session.answered(plan, answer(GRANTED), 0);
            said.add(plan.epoch());
        }

        assertThat(said)
                .containsExactly(Integer.MAX_VALUE - 1, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1);
    }

    @Test
    void x10RepeatsARequestOfUnknownOutcome() {
        OneSession one = new OneSession("X10").opened("a");
        one.want("a", 0, at(5));
        FetchPlan first = one.send();

        one.session.failed(first);
        assertThat(one.session.outstanding()).isFalse();
        FetchPlan second = one.send();

        assertThat(second).isEqualTo(first);
        assertThat(one.session.outstanding()).isTrue();
        one.session.failed(second);
        FetchPlan third = one.send();
        assertThat(one.answer(third)).isInstanceOf(Verdict.Accepted.class);
        assertThat(head(one.plan())).isEqualTo(tuple(Kind.INCREMENTAL, GRANTED, 2));
    }
}
