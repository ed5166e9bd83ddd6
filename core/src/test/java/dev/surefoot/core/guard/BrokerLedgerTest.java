package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.guard.BrokerLedger.Room;
import dev.surefoot.core.session.SessionBelief;
import dev.surefoot.core.session.SessionHealth;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerLedgerTest {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final Verdict UNKNOWN = new Verdict.Refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND);

    private final BrokerLedger ledger = new BrokerLedger();

    private void orderly(long second) {
        ledger.answered(
                new Verdict.Accepted(Verdict.Outcome.CONTINUED, List.of(), List.of()),
                true,
                Room.FOR_ALL,
                second * SECOND_NANOS,
                second * SECOND_NANOS);
    }

    private void dropped(long second) {
        orderly(second);
        ledger.answered(UNKNOWN, false, Room.FOR_ALL, second * SECOND_NANOS, second * SECOND_NANOS);
    }

    private List<StallCause> concerns(int notGranted, long second) {
        SessionHealth health = new SessionHealth(SessionBelief.State.NONE, false, 0, notGranted);
        List<StallCause> concerns = new ArrayList<>();
        new SessionConcerns(Map.of(1, ledger), nodeId -> health)
                .present(second * SECOND_NANOS, each -> concerns.add(each.cause()));
        return concerns;
    }

    @Test
    void threeSessionsInUseThatAreDroppedWithinAMinuteAreAConcern() {
        dropped(0);
        dropped(20);
        assertThat(concerns(0, 20)).isEmpty();

        dropped(40);

        assertThat(concerns(0, 40)).containsExactly(StallCause.SESSION_THRASH);
        assertThat(concerns(0, 61)).isEmpty();
    }

    @Test
    void aSessionThatWasNotUsedForTwoMinutesMayBeDropped() {
        orderly(0);
        ledger.answered(UNKNOWN, false, Room.FOR_ALL, 121 * SECOND_NANOS, 121 * SECOND_NANOS);
        orderly(121);
        assertThat(ledger.dropped(121 * SECOND_NANOS)).isZero();
    }

    @Test
    void aBrokerThatWasLostHasNoSessions() {
        dropped(0);
        dropped(1);
        ledger.failed();
        dropped(2);

        assertThat(concerns(0, 2)).isEmpty();
    }

    @Test
    void aBrokerThatGivesNoSessionIsAConcern() {
        assertThat(concerns(2, 0)).isEmpty();
        assertThat(concerns(3, 0)).containsExactly(StallCause.SESSION_THRASH);
    }
}
