package dev.surefoot.testkit.simulation.check;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Consumers whose automatic commits come too soon are caught, and what a rebalance commits is not taken for that. */
class AutoCommitPaceTest {
    private static final long MILLI = 1_000_000L;
    private static final long INTERVAL_NANOS = 1_000 * MILLI;

    private final AutoCommitPace pace = new AutoCommitPace("c0", INTERVAL_NANOS, 80 * MILLI);

    private static OffsetCommitRequest commit(long offset) {
        return new OffsetCommitRequest(
                1,
                MemberIdentity.none("group", null),
                Map.of(new TopicPartition("t", 0), new OffsetAndMetadata(offset)),
                Map.of(),
                INTERVAL_NANOS);
    }

    private OffsetCommitRequest sent(long atMillis, long callbacks) {
        OffsetCommitRequest commit = commit(atMillis);
        pace.sent(commit, atMillis * MILLI, callbacks);
        return commit;
    }

    @Test
    void commitsThatComeTooSoonAreCaught() {
        for (long atMillis = 0; atMillis <= 500; atMillis += 500) {
            pace.ended(sent(atMillis, 1), true);
        }

        assertThatThrownBy(() -> sent(1_500, 1)).isInstanceOf(Violation.class).hasMessageContaining("500 ms");
    }

    @Test
    void aSecondCommitBesideAnOutstandingOneIsCaught() {
        sent(0, 1);
        sent(1_000, 1);

        assertThatThrownBy(() -> sent(2_000, 1)).isInstanceOf(Violation.class).hasMessageContaining("outstanding");
    }

    @Test
    void oneIntervalApartTheyAreAllRight() {
        assertThatNoException().isThrownBy(() -> {
            for (long atMillis = 0; atMillis < 10_000; atMillis += 1_000) {
                pace.ended(sent(atMillis, 1), true);
            }
        });
    }

    @Test
    void afterAFailureOneMayComeAfterTheBackOff() {
        assertThatNoException().isThrownBy(() -> {
            for (long atMillis = 0; atMillis < 1_000; atMillis += 100) {
                pace.ended(sent(atMillis, 1), false);
            }
        });
    }

    @Test
    void afterAFailureOneThatComesSoonerIsCaught() {
        pace.ended(sent(0, 1), false);
        pace.ended(sent(20, 1), false);

        assertThatThrownBy(() -> sent(1_500, 1)).isInstanceOf(Violation.class).hasMessageContaining("20 ms");
    }

    @Test
    void aRefusedCommitIsSentAgainAtOnce() {
        pace.ended(sent(0, 1), false);
        OffsetCommitRequest again = commit(0);

        assertThatNoException().isThrownBy(() -> {
            pace.sent(again, 11 * MILLI, 1);
            pace.ended(again, true);
            sent(1_011, 1);
        });
    }

    @Test
    void whatARebalanceCommitsIsNoBreach() {
        pace.ended(sent(0, 1), true);
        pace.ended(sent(10, 1), true);

        assertThatNoException().isThrownBy(() -> sent(20, 2));
    }
}
