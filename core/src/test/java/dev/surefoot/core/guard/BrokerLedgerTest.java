package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.session.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class BrokerLedgerTest {
    private static final Verdict ORDERLY = new Verdict.Accepted(Verdict.Outcome.CONTINUED, List.of(), List.of());

    private final BrokerLedger ledger = new BrokerLedger();

    private void answered(boolean room) {
        ledger.answered(ORDERLY, true, room, 0);
    }

    @Test
    void answersWithoutRoomNeitherCountNorInterrupt() {
        answered(true);
        answered(false);
        answered(true);
        answered(false);
        answered(true);

        assertThat(ledger.silentAnswers(0)).isEqualTo(3);
    }

    @Test
    void silenceBeginsAnewWithTheSession() {
        answered(true);
        answered(true);
        ledger.answered(new Verdict.Accepted(Verdict.Outcome.OPENED, List.of(), List.of()), false, true, 0);
        answered(true);

        assertThat(ledger.silentAnswers(0)).isEqualTo(1);
    }

    @Test
    void silenceBeginsAnewAfterARequestWithoutAnAnswer() {
        answered(true);
        ledger.failed();
        answered(true);

        assertThat(ledger.silentAnswers(0)).isEqualTo(1);
    }

    @Test
    void silenceCountsFromTheLastMention() {
        answered(true);
        answered(true);
        answered(true);

        assertThat(ledger.silentAnswers(2)).isEqualTo(1);
    }
}
