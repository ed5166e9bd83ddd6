package dev.surefoot.cli.doctor;

import static dev.surefoot.cli.doctor.Story.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.doctor.OpenTransaction.Hanging;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is concluded from the answers about a transaction, one after the other. */
class SightingTest {

    private static final long MINUTE_MS = 60_000;

    @Test
    void aTransactionHangsOnceTwoAnswersTenSecondsApartSaySo() {
        OpenTransaction unknown = transaction(30, 0, Hanging.YES);
        Sighting first = Sighting.of(unknown, Optional.empty(), 1_000);
        Sighting soon = Sighting.of(unknown, Optional.of(first), 10_999);
        Sighting later = Sighting.of(unknown, Optional.of(soon), 11_000);

        assertThat(first.transaction().hanging()).isEqualTo(Hanging.UNKNOWN);
        assertThat(soon.transaction().hanging()).isEqualTo(Hanging.UNKNOWN);
        assertThat(later.transaction().hanging()).isEqualTo(Hanging.YES);
    }

    @Test
    void anAnswerBetweenThatTellsNothingBeginsAnew() {
        OpenTransaction unknown = transaction(30, 0, Hanging.YES);
        Sighting first = Sighting.of(unknown, Optional.empty(), 0);
        Sighting untold = Sighting.of(transaction(30, 0, Hanging.UNKNOWN), Optional.of(first), 10_000);
        Sighting again = Sighting.of(unknown, Optional.of(untold), 20_000);

        assertThat(untold.unknownSinceMs()).isEqualTo(OptionalLong.empty());
        assertThat(again.transaction().hanging()).isEqualTo(Hanging.UNKNOWN);
    }

    @Test
    void aTransactionIsLateByHowLongItWasSeenWhereNothingElseIsTold() {
        OpenTransaction told = transaction(0, 0, Hanging.UNKNOWN);
        Sighting first = Sighting.of(told, Optional.empty(), 0);

        assertThat(Sighting.of(told, Optional.of(first), 20 * MINUTE_MS)
                        .transaction()
                        .isLate())
                .isFalse();
        assertThat(Sighting.of(told, Optional.of(first), 21 * MINUTE_MS)
                        .transaction()
                        .isLate())
                .isTrue();
    }

    @Test
    void theClockOfThisMachineMakesNoTransactionLate() {
        OpenTransaction byCoordinator = transaction(5, 60, Hanging.NO);
        OpenTransaction untold = byCoordinator.timed(OptionalLong.of(0), 60_000, Optional.empty());
        Sighting first = Sighting.of(untold, Optional.empty(), 0);

        assertThat(byCoordinator
                        .timed(OptionalLong.of(0), 60_000, Optional.of(false))
                        .isLate())
                .as("began in 1970 by this clock")
                .isFalse();
        assertThat(Sighting.of(untold, Optional.of(first), MINUTE_MS)
                        .transaction()
                        .isLate())
                .isFalse();
        assertThat(Sighting.of(untold, Optional.of(first), 70_000).transaction().isLate())
                .isTrue();
    }
}
