package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.delivery.LaneReadiness;
import dev.surefoot.core.delivery.LastRecord;
import dev.surefoot.core.guard.ApplicationView.Reading;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.position.AssignmentStart;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.progress.StallCause;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** When the patience with a partition that does not advance begins anew. */
class PartitionPatienceTest {
    private static final long SECOND = 1_000_000_000L;
    private static final TopicPartition NAME = new TopicPartition("t", 0);
    private static final Uuid FIRST = new Uuid(1, 1);
    private static final Uuid SECOND_ID = new Uuid(1, 2);

    private final Positions positions = new Positions(new Backoff(1, 1, new SplittableRandom(1)));

    private PartitionLedger assigned(AssignmentStart start) {
        positions.assign(Map.of(NAME, 1L), start);
        return new PartitionLedger(Objects.requireNonNull(positions.get(NAME)), 0);
    }

    /** A look that names a cause of trouble; returns for how long there has been trouble then. */
    private static long troubleSeconds(PartitionLedger ledger, StallCause cause, long seconds) {
        ledger.look(null, false, 1, false, seconds * SECOND);
        ledger.named().set(cause, false, false, seconds * SECOND);
        return ledger.named().troubleAgeNanos(ledger.patienceNanos(), seconds * SECOND) / SECOND;
    }

    /** The offset may lawfully be part of a transaction for minutes. The look-up that follows has not lasted then. */
    @Test
    void itBeginsAnewWhenTheCommittedOffsetHasCome() {
        PartitionLedger ledger = assigned(AssignmentStart.byCommittedOffset());
        troubleSeconds(ledger, StallCause.COMMITTED_OFFSET_UNSTABLE, 1);
        assertThat(troubleSeconds(ledger, StallCause.COMMITTED_OFFSET_UNSTABLE, 31))
                .isEqualTo(30);

        positions.resetUnplaced(ledger.tracked(), 1, new ResetStrategy.Earliest());

        assertThat(troubleSeconds(ledger, StallCause.LOOKING_UP_POSITION, 32)).isZero();
        assertThat(troubleSeconds(ledger, StallCause.LOOKING_UP_POSITION, 40)).isEqualTo(8);
    }

    /** A record of the old topic that was read since the last look is not seen: the position is back at the start. */
    @Test
    void itBeginsAnewInATopicThatWasCreatedAgain() {
        PartitionLedger ledger = assigned(AssignmentStart.byReset(new ResetStrategy.Earliest()));
        TrackedPartition tracked = ledger.tracked();
        positions.startFetching(tracked, FetchPosition.at(0), FIRST, 1);
        troubleSeconds(ledger, StallCause.BROKER_ERRORS, 1);
        assertThat(troubleSeconds(ledger, StallCause.BROKER_ERRORS, 31)).isEqualTo(30);

        positions.startFetching(tracked, FetchPosition.at(0), SECOND_ID, 1);

        assertThat(troubleSeconds(ledger, StallCause.BROKER_ERRORS, 32)).isZero();
    }

    /** A session that has named the new topic has nothing to add: what it told must stay when the position is known. */
    @Test
    void whatWasToldOfTheNewTopicBeforeAPositionIsKnownStays() {
        PartitionLedger before = assigned(AssignmentStart.byReset(new ResetStrategy.Earliest()));
        positions.startFetching(before.tracked(), FetchPosition.at(0), FIRST, 1);
        before.look(null, false, 1, false, 1 * SECOND);
        positions.assign(Map.of(), AssignmentStart.byCommittedOffset());
        PartitionLedger now = assigned(AssignmentStart.byCommittedOffset());
        now.inherit(before);

        now.mentioned(1, SECOND_ID, 1, -1, 2 * SECOND);
        now.told(new Watermarks(3, 3, 0), false, 2 * SECOND, 2 * SECOND);
        positions.startFetching(now.tracked(), FetchPosition.at(3), SECOND_ID, 1);
        now.look(null, false, 1, false, 3 * SECOND);

        assertThat(now.readableEnd(false)).isEqualTo(3);
        assertThat(now.mentionedNanos()).isEqualTo(2 * SECOND);
    }

    @Test
    void whatWasToldOfATopicIsKnownAgainWhenMetadataNamesItAgain() {
        PartitionLedger ledger = assigned(AssignmentStart.byReset(new ResetStrategy.Earliest()));
        positions.startFetching(ledger.tracked(), FetchPosition.at(2), SECOND_ID, 1);
        ledger.mentioned(1, SECOND_ID, 1, -1, 1 * SECOND);
        ledger.told(new Watermarks(2, 2, 0), false, 1 * SECOND, 1 * SECOND);

        positions.startFetching(ledger.tracked(), FetchPosition.at(2), FIRST, 1);
        ledger.look(null, false, 1, false, 2 * SECOND);
        assertThat(ledger.readableEnd(false)).isEqualTo(-1);
        ledger.toldOfFormer(SECOND_ID, new Watermarks(3, 3, 0), false, 2 * SECOND);
        positions.startFetching(ledger.tracked(), FetchPosition.at(2), SECOND_ID, 1);
        ledger.look(null, false, 1, false, 3 * SECOND);

        assertThat(ledger.readableEnd(false)).isEqualTo(3);
        assertThat(ledger.toldNanos()).isEqualTo(2 * SECOND);
    }

    @Test
    void whoToldOfATopicIsKnownAgainWithIt() {
        PartitionLedger ledger = assigned(AssignmentStart.byReset(new ResetStrategy.Earliest()));
        positions.startFetching(ledger.tracked(), FetchPosition.at(2), SECOND_ID, 1);
        ledger.mentioned(2, SECOND_ID, 1, -1, 1 * SECOND);
        ledger.told(new Watermarks(2, 2, 0), true, 1 * SECOND, 1 * SECOND);

        positions.startFetching(ledger.tracked(), FetchPosition.at(0), FIRST, 1);
        ledger.mentioned(1, FIRST, 2, -1, 2 * SECOND);
        ledger.told(new Watermarks(6, 6, 0), false, 2 * SECOND, 2 * SECOND);
        assertThat(ledger.follower()).isFalse();
        positions.startFetching(ledger.tracked(), FetchPosition.at(2), SECOND_ID, 1);
        ledger.look(null, false, 1, false, 3 * SECOND);

        assertThat(ledger.readableEnd(false)).isEqualTo(2);
        assertThat(ledger.follower()).isTrue();
        assertThat(ledger.nodeId()).isEqualTo(2);
    }

    /** The application may still take what was fetched of a topic before it was deleted and created again. */
    @Test
    void itBeginsAnewWhenTheApplicationReadsWhatWasFetchedBeforeAReset() {
        PartitionLedger ledger = assigned(AssignmentStart.byReset(new ResetStrategy.Earliest()));
        positions.startFetching(ledger.tracked(), FetchPosition.at(0), SECOND_ID, 1);
        ledger.look(reading(3, 1), false, 1, false, 1 * SECOND);
        ledger.named().set(StallCause.LEADER_UNREACHABLE, false, false, 1 * SECOND);
        ledger.look(reading(4, 2), false, 1, false, 9 * SECOND);

        assertThat(ledger.named().troubleAgeNanos(ledger.patienceNanos(), 10 * SECOND))
                .isEqualTo(1 * SECOND);
        assertThat(ledger.consumed()).isZero();
    }

    private static Reading reading(long offset, long advances) {
        return new Reading(1, offset, LaneReadiness.READY, null, LastRecord.NONE, advances, advances);
    }
}
