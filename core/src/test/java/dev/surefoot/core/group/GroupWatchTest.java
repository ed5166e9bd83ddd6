package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.handover.MemberIdentity;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class GroupWatchTest {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int MAX_POLL_SECONDS = 30;

    private final GroupWatch watch = new GroupWatch(new GroupSettings(
            "g",
            null,
            null,
            GroupSettings.Protocol.CLASSIC,
            new GroupSettings.Timing(
                    10_000,
                    3_000,
                    MAX_POLL_SECONDS * 1_000,
                    Duration.ofSeconds(30).toNanos(),
                    1,
                    1),
            List.of("range"),
            false,
            null,
            false));

    private void look(MemberPhase phase, long seconds, long lastPollSeconds) {
        long nanos = seconds * SECOND_NANOS;
        watch.look(phase, new Turn(nanos, 0, 0, Long.MAX_VALUE, false, lastPollSeconds * SECOND_NANOS));
    }

    private GroupView view() {
        return watch.view(MemberIdentity.none("g", null), new CoordinatorStanding(1, true, false, 0, null, 0, 0), 0);
    }

    @Test
    void aPhaseHasATime() {
        look(MemberPhase.JOINING, 5, 5);
        look(MemberPhase.JOINING, 9, 9);

        assertThat(view().phase()).isEqualTo(MemberPhase.JOINING);
        assertThat(view().phaseNanos()).isEqualTo(5 * SECOND_NANOS);
    }

    @Test
    void rebalancesAreCountedForTenMinutes() {
        look(MemberPhase.STABLE, 0, 0);
        watch.rebalanceEnded(new GroupEvent.RebalanceEnded(1, 1, 0, false));
        watch.rebalanceEnded(new GroupEvent.RebalanceEnded(2, 1, 0, true));
        look(MemberPhase.STABLE, 599, 599);
        watch.rebalanceEnded(new GroupEvent.RebalanceEnded(3, 1, 0, false));
        assertThat(view().rebalances()).isEqualTo(2);

        look(MemberPhase.STABLE, 600, 600);
        assertThat(view().rebalances()).as("at the end of the ten minutes").isEqualTo(2);
        look(MemberPhase.STABLE, 601, 601);
        assertThat(view().rebalances()).isEqualTo(1);
    }

    /** A group that rebalances all the time is told from a quiet one by far fewer. */
    @Test
    void rebalancesAreCountedUpToAThousand() {
        look(MemberPhase.STABLE, 1, 1);
        for (int epoch = 1; epoch <= 1_001; epoch++) {
            watch.rebalanceEnded(new GroupEvent.RebalanceEnded(epoch, 1, 0, false));
        }
        assertThat(view().rebalances()).isEqualTo(1_000);
    }

    @Test
    void whatPollThrowsHoldsUntilARebalanceSucceeds() {
        KafkaException refusal = new KafkaException("no");
        watch.raised(refusal);
        assertThat(view().failure()).isSameAs(refusal);

        watch.rebalanceEnded(new GroupEvent.RebalanceEnded(1, 1, 0, false));
        assertThat(view().failure()).isNull();
    }

    @Test
    void onlyAnApplicationThatDidNotPollIsEvicted() {
        look(MemberPhase.STABLE, 100, 99);
        watch.membershipEnded(new GroupEvent.MembershipEnded("UNKNOWN_MEMBER_ID", null));
        assertThat(view().evicted()).isFalse();

        look(MemberPhase.STABLE, 129, 99);
        watch.membershipEnded(new GroupEvent.MembershipEnded("too long", null));
        assertThat(view().evicted()).isTrue();

        watch.rebalanceEnded(new GroupEvent.RebalanceEnded(2, 1, 0, false));
        assertThat(view().evicted()).isFalse();
    }

    @Test
    void whoHasNotPolledYetIsNotLateForAPoll() {
        watch.look(MemberPhase.JOINING, new Turn(100 * SECOND_NANOS, 0, 0, Long.MAX_VALUE, false, Turn.NEVER_POLLED));
        watch.membershipEnded(new GroupEvent.MembershipEnded("FENCED_MEMBER_EPOCH", null));
        assertThat(view().evicted()).isFalse();
    }

    @Test
    void eachPhaseIsSaidInOtherWords() {
        assertThat(MemberPhase.values())
                .extracting(MemberPhase::words)
                .doesNotHaveDuplicates()
                .allMatch(words -> !words.isBlank());
    }

    @Test
    void commitsFailUntilOneSucceeds() {
        watch.commitSettled(new KafkaException("first"), 7);
        watch.commitSettled(new KafkaException("second"), 9);

        GroupView.Committing failing = view().committing();
        assertThat(failing.failures()).isEqualTo(2);
        assertThat(failing.failingNanos()).isEqualTo(7);
        assertThat(failing.failure()).hasMessage("second");

        watch.commitSettled(null, 11);
        assertThat(view().committing().failures()).isZero();
        assertThat(view().committing().failure()).isNull();
    }
}
