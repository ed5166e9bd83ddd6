package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.guard.BrokerLedger.Room;
import dev.surefoot.core.session.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class SilentAnswersTest {
    private static final Verdict ORDERLY = new Verdict.Accepted(Verdict.Outcome.CONTINUED, List.of(), List.of());

    private final BrokerLedger ledger = new BrokerLedger();

    private void answered() {
        answered(Room.FOR_ALL);
    }

    private void answered(Room room) {
        ledger.answered(ORDERLY, true, room, 0, 0);
    }

    @Test
    void throttledAnswersNeitherCountNorInterruptASilence() {
        answered();
        answered(Room.NONE);
        answered();
        answered(Room.NONE);
        answered();

        assertThat(ledger.silentAnswers(0)).isEqualTo(3);
        assertThat(ledger.fullNanos()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void asManyFullAnswersAsPartitionsCountForOne() {
        Room full = new Room(3);
        answered();
        answered(full);
        answered(full);
        assertThat(ledger.silentAnswers(0)).isEqualTo(1);
        assertThat(ledger.fullNanos()).isZero();

        answered(full);
        answered(full);

        assertThat(ledger.silentAnswers(0)).isEqualTo(2);
    }

    @Test
    void silenceBeginsAnewWithTheSession() {
        answered();
        answered();
        ledger.answered(new Verdict.Accepted(Verdict.Outcome.OPENED, List.of(), List.of()), false, Room.FOR_ALL, 0, 0);
        answered();

        assertThat(ledger.silentAnswers(0)).isEqualTo(1);
    }

    @Test
    void silenceBeginsAnewAfterARequestWithoutAnAnswer() {
        answered();
        ledger.failed();
        answered();

        assertThat(ledger.silentAnswers(0)).isEqualTo(1);
    }

    @Test
    void silenceCountsFromTheLastMention() {
        answered();
        answered();
        long mentioned = ledger.shares();
        answered();

        assertThat(ledger.silentAnswers(mentioned)).isEqualTo(1);
    }
}
