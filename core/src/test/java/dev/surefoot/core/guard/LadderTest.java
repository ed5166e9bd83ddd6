package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.AssignmentStart;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.RecoveryStep.Action;
import dev.surefoot.progress.RecoveryStep.Outcome;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which steps are taken for which cause, in which order, how often and how fast. */
class LadderTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int NODE = 1;
    private static final TopicPartition NAME = new TopicPartition("t", 0);

    /** A partition that a guard looks at once a second, and never advances unless it is told to. */
    private static final class Stand {
        final Ladders ladders;
        final Positions positions = new Positions(new Backoff(1, 1, new SplittableRandom(1)));
        final TrackedPartition tracked;
        final PartitionLedger ledger;
        final List<Wish.Kind> wished = new ArrayList<>();
        final List<Long> at = new ArrayList<>();
        /** The broker that it is fetched from. */
        int node = NODE;

        boolean stuck;
        boolean refused;
        boolean answers = true;
        long now = 1_000 * SECOND;

        Stand(RecoveryLevel level, long seed) {
            ladders = new Ladders(level, 20 * SECOND, new SplittableRandom(seed), node -> stuck, node -> refused);
            positions.assign(Map.of(NAME, 1L), AssignmentStart.byReset(new ResetStrategy.Earliest()));
            tracked = Objects.requireNonNull(positions.get(NAME));
            positions.startFetching(tracked, FetchPosition.at(10), Uuid.ZERO_UUID, 1);
            ledger = new PartitionLedger(tracked, now);
            ledger.look(null, false, NODE, false, now);
        }

        void seconds(int seconds, StallCause cause, Severity severity) {
            for (int i = 0; i < seconds; i++) {
                now += SECOND;
                ledger.look(null, false, NODE, false, now);
                ladders.look(ledger, node, cause, severity, now);
                ladders.turn(1, now, now / 1_000_000);
                for (Wish wish : ladders.takeWishes()) {
                    wished.add(wish.kind());
                    at.add(now);
                    if (wish.kind() == Wish.Kind.VERIFY && answers) {
                        ladders.verified(NAME);
                    }
                }
            }
        }

        void advance() {
            positions.advance(
                    tracked,
                    FetchPosition.at(Objects.requireNonNull(tracked.fetching()).offset() + 1));
        }

        List<Outcome> outcomes(Action action) {
            return ladders.steps().recent().stream()
                    .filter(step -> step.action() == action)
                    .map(RecoveryStep::outcome)
                    .toList();
        }
    }

    private static Stand lost(RecoveryLevel level, int seconds) {
        Stand stand = new Stand(level, 1);
        stand.seconds(seconds, StallCause.PARTITION_LOST_FROM_SESSION, Severity.WAITING);
        return stand;
    }

    @Test
    void whatIsReadFromItsLeaderInPlaceOfAFollowerIsHealedByThat() {
        Stand stand = new Stand(RecoveryLevel.CONNECTION, 1);
        stand.seconds(1, StallCause.FOLLOWER_BEHIND, Severity.STALLED);
        assertThat(stand.wished).containsExactly(Wish.Kind.REFRESH);

        stand.node = 2;
        stand.seconds(1, StallCause.STARTING, Severity.WAITING);
        stand.advance();
        stand.seconds(2, StallCause.PROGRESSING, Severity.FINE);

        assertThat(stand.outcomes(Action.REFRESH)).containsExactly(Outcome.HEALED);
    }

    @Test
    void theSessionIsMendedStepByStepUntilItIsLeft() {
        Stand stand = lost(RecoveryLevel.SESSION, 30);

        assertThat(stand.wished)
                .containsExactly(
                        Wish.Kind.VERIFY,
                        Wish.Kind.REANNOUNCE,
                        Wish.Kind.REOPEN,
                        Wish.Kind.REPLACE,
                        Wish.Kind.LEAVE_SESSIONS);
        long untilLeft = stand.at.get(4) - stand.at.get(0);
        assertThat(untilLeft).isLessThanOrEqualTo(18 * SECOND);
    }

    @Test
    void eachStepHasItsTimeToHelp() {
        for (long seed = 1; seed <= 50; seed++) {
            Stand stand = new Stand(RecoveryLevel.SESSION, seed);
            stand.answers = false;
            stand.seconds(40, StallCause.PARTITION_LOST_FROM_SESSION, Severity.WAITING);

            List<Long> waits = new ArrayList<>();
            for (int i = 1; i < 5; i++) {
                waits.add((stand.at.get(i) - stand.at.get(i - 1)) / SECOND);
            }
            // Looks are a second apart, and the bounds are half of the wait and one and a half of it.
            assertThat(waits.get(0)).isBetween(3L, 8L);
            assertThat(waits.get(1)).isBetween(1L, 2L);
            assertThat(waits.get(2)).isBetween(1L, 3L);
            assertThat(waits.get(3)).isBetween(2L, 6L);
        }
    }

    @Test
    void aConnectionIsMendedAfterTheSessionWhenThereAreStepsLeft() {
        Stand stand = lost(RecoveryLevel.CONNECTION, 300);

        assertThat(stand.wished.subList(5, 8))
                .containsExactly(Wish.Kind.REFRESH, Wish.Kind.REFRESH, Wish.Kind.RECONNECT);
        assertThat(stand.outcomes(Action.REFRESH)).contains(Outcome.REFUSED);
    }

    @Test
    void atMostNineThingsAreDoneInTheFirstFiveMinutes() {
        for (RecoveryLevel level : RecoveryLevel.values()) {
            assertThat(lost(level, 300).wished.stream().filter(kind -> kind != Wish.Kind.USE_SESSIONS))
                    .as("%s", level)
                    .hasSizeLessThanOrEqualTo(9);
        }
    }

    @Test
    void nothingIsDoneWhenThatIsOff() {
        assertThat(lost(RecoveryLevel.OFF, 600).wished).isEmpty();
    }

    @Test
    void onlyTheHighestLevelReadsAgain() {
        assertThat(lost(RecoveryLevel.CONNECTION, 3_600).wished).doesNotContain(Wish.Kind.RESET);
        assertThat(lost(RecoveryLevel.RESET, 3_600).wished).contains(Wish.Kind.RESET);
    }

    @Test
    void theFirstProgressEndsTheRow() {
        Stand stand = new Stand(RecoveryLevel.CONNECTION, 1);
        stand.seconds(8, StallCause.PARTITION_LOST_FROM_SESSION, Severity.WAITING);
        int before = stand.wished.size();
        stand.advance();
        stand.seconds(60, StallCause.PROGRESSING, Severity.FINE);

        assertThat(stand.wished).hasSize(before);
        assertThat(stand.ladders.steps().recent())
                .last()
                .satisfies(step -> assertThat(step.outcome()).isEqualTo(Outcome.HEALED));
    }

    @ParameterizedTest
    @EnumSource(
            value = StallCause.class,
            names = {"CAUGHT_UP", "NOTHING_DELIVERABLE", "TRANSACTION_OPEN"})
    void aProofThatThereIsNothingToReadEndsTheRow(StallCause proof) {
        Stand stand = new Stand(RecoveryLevel.CONNECTION, 1);
        stand.seconds(1, StallCause.UNEXPLAINED, Severity.STALLED);
        stand.seconds(60, proof, Severity.FINE);

        assertThat(stand.wished).containsExactly(Wish.Kind.VERIFY);
        assertThat(stand.outcomes(Action.VERIFY)).containsExactly(Outcome.PROVED_FINE);
    }

    @Test
    void aSessionThatNeverSendsAgainIsReplacedAtOnce() {
        Stand stand = new Stand(RecoveryLevel.SESSION, 1);
        stand.stuck = true;
        stand.seconds(3, StallCause.UNEXPLAINED, Severity.STALLED);

        assertThat(stand.wished).startsWith(Wish.Kind.VERIFY, Wish.Kind.REPLACE);
    }

    @Test
    void aSessionThatIsRefusedForEverIsReplacedOnceThatIsAStall() {
        Stand stand = new Stand(RecoveryLevel.SESSION, 1);
        stand.refused = true;
        stand.seconds(10, StallCause.BROKER_ERRORS, Severity.WAITING);
        assertThat(stand.wished).isEmpty();

        stand.seconds(20, StallCause.BROKER_ERRORS, Severity.STALLED);
        assertThat(stand.wished).containsExactly(Wish.Kind.REPLACE, Wish.Kind.LEAVE_SESSIONS);
    }

    @Test
    void aSessionIsUsedAgainLaterAndLeftForLongerIfThatDoesNotLast() {
        Stand stand = new Stand(RecoveryLevel.SESSION, 1);
        stand.seconds(20, StallCause.PARTITION_LOST_FROM_SESSION, Severity.WAITING);
        stand.advance();
        stand.seconds(70, StallCause.PROGRESSING, Severity.FINE);
        assertThat(stand.wished).endsWith(Wish.Kind.LEAVE_SESSIONS, Wish.Kind.USE_SESSIONS);
        assertThat(stand.at.get(5) - stand.at.get(4)).isEqualTo(60 * SECOND);

        stand.seconds(60, StallCause.PARTITION_LOST_FROM_SESSION, Severity.WAITING);
        stand.advance();
        stand.seconds(130, StallCause.PROGRESSING, Severity.FINE);
        assertThat(stand.wished.subList(6, 9))
                .containsExactly(Wish.Kind.VERIFY, Wish.Kind.LEAVE_SESSIONS, Wish.Kind.USE_SESSIONS);
        assertThat(stand.at.get(8) - stand.at.get(7)).isEqualTo(120 * SECOND);
    }

    @Test
    void theSameSeedGivesTheSameStepsAtTheSameTimes() {
        Stand one = lost(RecoveryLevel.RESET, 4_000);
        Stand other = lost(RecoveryLevel.RESET, 4_000);

        assertThat(one.wished).isEqualTo(other.wished);
        assertThat(one.at).isEqualTo(other.at);
        assertThat(one.ladders.steps().recent()).isEqualTo(other.ladders.steps().recent());
    }

    private static final Set<StallCause> WITH_REMEDY = EnumSet.of(
            StallCause.PARTITION_LOST_FROM_SESSION,
            StallCause.UNEXPLAINED,
            StallCause.CLIENT_FAULT,
            StallCause.SESSION_DIVERGED,
            StallCause.LOG_DOES_NOT_LEAD_ON,
            StallCause.LOOKING_UP_POSITION,
            StallCause.METADATA_STALE,
            StallCause.FOLLOWER_BEHIND,
            StallCause.BROKER_ERRORS,
            StallCause.CONNECTION_HALF_OPEN,
            StallCause.BROKER_SLOW);

    @ParameterizedTest
    @EnumSource(StallCause.class)
    void nothingIsDoneAboutWhatAClientCannotMend(StallCause cause) {
        Stand stand = new Stand(RecoveryLevel.RESET, 1);
        stand.seconds(120, cause, Severity.STALLED);

        assertThat(stand.wished.isEmpty()).isEqualTo(!WITH_REMEDY.contains(cause));
    }
}
