package dev.surefoot.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final FetchTarget TARGET = new FetchTarget(7, 1, 1, 100);
    private static final Verdict.Doubt DOUBT =
            new Verdict.Doubt(new TopicPartition("t", 0), TARGET, Verdict.DoubtReason.NO_PROGRESS, 1);

    private static final Verdict.Accepted DOUBTED =
            new Verdict.Accepted(Verdict.Outcome.CONTINUED, List.of(), List.of(DOUBT));
    private static final Verdict.Accepted ORDERLY = new Verdict.Accepted(Verdict.Outcome.OPENED, List.of(), List.of());
    private static final Verdict.Refused REFUSED =
            new Verdict.Refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND, BrokerError.FETCH_SESSION_ID_NOT_FOUND.code());
    private static final Verdict.SessionMismatch MISMATCH =
            new Verdict.SessionMismatch(Verdict.Mismatch.WRONG_SESSION_ID, "");
    private static final Verdict.Ignored IGNORED = new Verdict.Ignored();

    @Test
    void eachVerdictComesToTheMethodForItsKind() {
        List<Verdict> accepted = new ArrayList<>();
        List<Verdict> refused = new ArrayList<>();
        List<Verdict> mismatched = new ArrayList<>();
        List<Verdict> ignored = new ArrayList<>();
        Verdict.Visitor sorting = new Verdict.Visitor() {
            @Override
            public void accepted(Verdict.Accepted verdict) {
                accepted.add(verdict);
            }

            @Override
            public void refused(Verdict.Refused verdict) {
                refused.add(verdict);
            }

            @Override
            public void mismatched(Verdict.SessionMismatch verdict) {
                mismatched.add(verdict);
            }

            @Override
            public void ignored(Verdict.Ignored verdict) {
                ignored.add(verdict);
            }
        };
        List.of(ORDERLY, REFUSED, MISMATCH, IGNORED).forEach(verdict -> verdict.accept(sorting));

        assertThat(accepted).containsExactly(ORDERLY);
        assertThat(refused).containsExactly(REFUSED);
        assertThat(mismatched).containsExactly(MISMATCH);
        assertThat(ignored).containsExactly(IGNORED);
        assertThat(List.of(ORDERLY.kind(), REFUSED.kind(), MISMATCH.kind(), IGNORED.kind()))
                .containsExactly(Verdict.Kind.values());
    }

    @Test
    void onlyAnAcceptedAnswerWithoutADoubtIsOrderly() {
        assertThat(ORDERLY.isOrderly()).isTrue();
        assertThat(List.<Verdict>of(DOUBTED, REFUSED, MISMATCH, IGNORED)).noneMatch(Verdict::isOrderly);
    }

    @Test
    void whatAKindDoesNotKnowIsEmpty() {
        assertThat(List.<Verdict>of(REFUSED, MISMATCH, IGNORED)).allSatisfy(verdict -> {
            assertThat(verdict.reports()).isEmpty();
            assertThat(verdict.doubts()).isEmpty();
            assertThat(verdict.outcome()).isNull();
        });
        assertThat(DOUBTED.doubts()).containsExactly(DOUBT);
        assertThat(ORDERLY.error()).isNull();
        assertThat(((Verdict) REFUSED).error()).isEqualTo(BrokerError.FETCH_SESSION_ID_NOT_FOUND);
    }
}
