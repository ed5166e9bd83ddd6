package dev.surefoot.cli.doctor;

import static dev.surefoot.cli.doctor.DiagnosisTest.is;
import static dev.surefoot.cli.doctor.Story.at;
import static dev.surefoot.cli.doctor.Story.member;
import static dev.surefoot.cli.doctor.Story.partition;
import static dev.surefoot.cli.doctor.Story.stable;
import static dev.surefoot.cli.doctor.Story.transaction;
import static dev.surefoot.cli.doctor.Story.view;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.doctor.Finding.Certainty;
import dev.surefoot.cli.doctor.Finding.Severity;
import dev.surefoot.cli.doctor.GroupView.Phase;
import dev.surefoot.cli.doctor.OpenTransaction.Hanging;
import dev.surefoot.cli.doctor.PartitionView.CommitView;
import dev.surefoot.cli.doctor.PartitionView.LogEnds;
import dev.surefoot.cli.doctor.PartitionView.Replicas;
import dev.surefoot.cli.doctor.PartitionView.Sight;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands for a while and is well: how long it takes until it is called stalled, and what then decides. */
class PatienceTest {

    private static final int FIVE_MINUTES = 120;

    @Test
    void aGroupIsJudgedByTheIntervalAtWhichItCommits() {
        Story healthy = new Story()
                .with(0, sample -> at(10 + sample / FIVE_MINUTES, 300 + sample))
                .lookedFor(11 * 60 + 30);
        Story stalled = new Story()
                .with(0, sample -> at(10 + Math.min(2, sample / FIVE_MINUTES), 300 + sample))
                .lookedFor(21 * 60);

        is(healthy.finding(0), Cause.PROGRESSING, Severity.FINE, Certainty.SEEN);
        is(stalled.finding(0), Cause.APPLICATION_NOT_POLLING, Severity.STALLED, Certainty.SUSPECTED);
    }

    @Test
    void aGroupThatHasCommittedOnceIsWaitedForAsLongAsTheUserHasAskedToLook() {
        Story story = new Story()
                .with(0, sample -> at(sample < 12 ? 10 : 20, 300 + sample))
                .asked(240);

        assertThat(story.finding(0).severity()).isNotEqualTo(Severity.STALLED);
    }

    @Test
    void theTimeWithoutAnythingToReadIsNoIntervalOfCommits() {
        Story story = new Story()
                .with(0, sample -> sample < 200 ? at(30, 30) : at(sample < 204 ? 30 : 40, 90 + sample))
                .lookedFor(640);

        is(story.finding(0), Cause.APPLICATION_NOT_POLLING, Severity.STALLED, Certainty.SUSPECTED);
    }

    @Test
    void aRecordThatHasJustComeIsNotOverdue() {
        Story story =
                new Story().with(0, sample -> at(30, sample < 34 ? 30 : 31)).lookedFor(90);
        Story afterMarkers = new Story()
                .with(0, sample -> at(29, sample < 34 ? 30 : 31))
                .next(0, new NextRecord(true, 30, Story.NOW_MS, -1, 5))
                .lookedFor(90);
        Story inAnEmptyLog = new Story()
                .with(0, sample -> view(CommitView.NEVER, sample < 34 ? LogEnds.of(7, 7, 7) : LogEnds.of(7, 8, 8)))
                .lookedFor(90);

        is(story.finding(0), Cause.UNDECIDED, Severity.WAITING, Certainty.SEEN);
        is(afterMarkers.finding(0), Cause.UNDECIDED, Severity.WAITING, Certainty.SEEN);
        is(inAnEmptyLog.finding(0), Cause.NEVER_COMMITTED, Severity.WAITING, Certainty.SUSPECTED);
    }

    @Test
    void aClientThatCommitsOnceAMinuteMayTakeAFewSecondsMore() {
        Story story = new Story().with(0, sample -> at(10, 30 + sample)).lookedFor(62);

        is(story.finding(0), Cause.UNDECIDED, Severity.WAITING, Certainty.SEEN);
        assertThat(Diagnosis.neededMs(story.report())).isBetween(62_001L, Rounds.EXTENDED_MS);
    }

    @Test
    void aLeaderThatIsMissingInOneLookMayBeElected() {
        PartitionView none = leaderless(List.of());
        PartitionView hidden = leaderless(List.of(2));
        Story election = new Story()
                .with(0, sample -> sample < 12 ? at(10, 30) : none)
                .with(1, sample -> sample < 12 ? at(10, 30) : hidden)
                .lookedFor(30);
        Story outage = new Story().with(0, none).with(1, hidden).lookedFor(20);

        is(election.finding(0), Cause.NO_LEADER, Severity.WAITING, Certainty.SEEN);
        is(election.finding(1), Cause.LISTENER_MISSING, Severity.WAITING, Certainty.SUSPECTED);
        assertThat(Diagnosis.neededMs(election.report())).isGreaterThan(30_000);
        is(outage.finding(0), Cause.NO_LEADER, Severity.STALLED, Certainty.SEEN);
        is(outage.finding(1), Cause.LISTENER_MISSING, Severity.STALLED, Certainty.SUSPECTED);
    }

    static PartitionView leaderless(List<Integer> online) {
        Replicas replicas = new Replicas(OptionalInt.empty(), List.of(2), List.of(2), online);
        return new PartitionView(replicas, LogEnds.UNKNOWN, CommitView.of(10), Sight.SEEN);
    }

    @Test
    void aPartitionBetweenTwoMembersIsNotUnassignedYet() {
        Story between = new Story()
                .group(sample -> sample < 10
                        ? stable(member("a", partition(0)), member("b", partition(1)))
                        : stable(member("a", partition(0)), member("b")))
                .with(0, at(30, 30))
                .with(1, at(10, 30))
                .lookedFor(30);
        Story topic = new Story()
                .group(sample -> sample < 10 ? stable(member("a", partition(0))) : stable(member("a")))
                .topicNamed()
                .with(0, at(10, 30))
                .lookedFor(30);

        is(between.finding(1), Cause.NOT_ASSIGNED, Severity.WAITING, Certainty.SEEN);
        assertThat(Diagnosis.neededMs(between.report())).isGreaterThan(30_000);
        is(topic.finding(0), Cause.NOT_SUBSCRIBED, Severity.WAITING, Certainty.SUSPECTED);
    }

    @ParameterizedTest
    @CsvSource({"30, WAITING", "65, STALLED"})
    void aGroupThatNeverHadMembersMayHaveReadersThatCommitAtCheckpoints(int seconds, Severity severity) {
        Story story = new Story()
                .group(Story.simple())
                .with(0, sample -> at(10, 30 + sample))
                .lookedFor(seconds);

        is(story.finding(0), Cause.NO_MEMBERS, severity, Certainty.SUSPECTED);
        assertThat(Cause.NO_MEMBERS.advice()).contains("assigns partitions itself");
    }

    @Test
    void aGroupWithoutMembersIsReadIfAnyOfItsPartitionsMoves() {
        Story story = new Story()
                .group(view(Phase.EMPTY, "Empty"))
                .with(0, sample -> at(10 + sample / FIVE_MINUTES, 300 + sample))
                .with(1, sample -> at(10, sample < 260 ? 10 : 11))
                .lookedFor(11 * 60);

        is(story.finding(0), Cause.PROGRESSING, Severity.FINE, Certainty.SEEN);
        is(story.finding(1), Cause.UNDECIDED, Severity.WAITING, Certainty.SEEN);
    }

    @Test
    void whatACoordinatorHasNotToldIsNotUnread() {
        PartitionView untold = view(CommitView.UNKNOWN, LogEnds.of(0, 30, 30));
        Story empty = new Story().group(view(Phase.EMPTY, "Empty")).topicNamed().with(0, untold);
        Story owned = new Story()
                .group(stable(member("a", partition(1))))
                .topicNamed()
                .with(0, untold)
                .with(1, at(30, 30));

        assertThat(empty.finding(0).severity()).isEqualTo(Severity.WAITING);
        assertThat(empty.report().exitCode()).as("nothing could be seen").isEqualTo(3);
        assertThat(owned.finding(0).severity()).isEqualTo(Severity.WAITING);
        assertThat(owned.report().exitCode()).isZero();
    }

    @Test
    void theClockOfAProducerIsNotTrusted() {
        PartitionView pinned = at(50, 50, 90);
        Story ancient = new Story().with(0, pinned).transaction(0, transaction(86_400, 0, Hanging.UNKNOWN));

        is(ancient.finding(0), Cause.TRANSACTION_OPEN, Severity.WAITING, Certainty.SUSPECTED);
    }

    @Test
    void aTransactionOfTheOffsetsTopicMayBeOfAnotherGroup() {
        PartitionView pending = view(new CommitView(true, OptionalLong.of(10), true), LogEnds.of(0, 30, 30));
        Story late = new Story().with(0, pending).offsetsTransaction(transaction(80, 60, Hanging.NO));
        Story brief = new Story()
                .with(0, sample -> sample < 10 ? at(10, 30) : pending)
                .offsetsTransaction(transaction(80, 60, Hanging.NO))
                .lookedFor(30);

        is(late.finding(0), Cause.COMMITTED_OFFSET_UNSTABLE, Severity.STALLED, Certainty.SUSPECTED);
        is(brief.finding(0), Cause.COMMITTED_OFFSET_UNSTABLE, Severity.WAITING, Certainty.SUSPECTED);
        assertThat(Diagnosis.neededMs(brief.report())).isGreaterThan(30_000);
    }

    @Test
    void whoHasReadBeyondAnOpenTransactionIsStuckElsewhere() {
        Story story = new Story()
                .with(0, sample -> at(60, 50, 90 + sample))
                .next(0, new NextRecord(true, 60, Story.NOW_MS, -1, 5));

        assertThat(Details.of(story.examination(), false).beyondStable()).containsExactly(partition(0));
        is(story.finding(0), Cause.APPLICATION_NOT_POLLING, Severity.STALLED, Certainty.SUSPECTED);
    }

    @Test
    void aShortTailThatWasNotLookedIntoMayBeMarkers() {
        Story idle = new Story().with(0, at(29, 30)).unread();
        Story growing = new Story().with(0, sample -> at(29, 30 + sample)).unread();
        Story peeked = new Story().with(0, at(29, 30));

        is(idle.finding(0), Cause.UNDECIDED, Severity.WAITING, Certainty.SEEN);
        assertThat(idle.finding(0).evidence()).anyMatch(each -> each.contains("only transaction markers"));
        is(growing.finding(0), Cause.APPLICATION_NOT_POLLING, Severity.STALLED, Certainty.SUSPECTED);
        is(peeked.finding(0), Cause.APPLICATION_NOT_POLLING, Severity.STALLED, Certainty.SUSPECTED);
    }

    @Test
    void allPartitionsThatStandAreLookedInto() {
        Story story = new Story();
        for (int i = 0; i < 500; i++) {
            story.with(i, at(29, 30));
        }

        assertThat(Details.of(story.examination(), false).toPeek()).hasSize(500);
    }

    @Test
    void aQuestionThatWasNotAnsweredIsNoAnswer() {
        PartitionView undescribed =
                new PartitionView(Replicas.UNKNOWN, LogEnds.UNKNOWN, CommitView.of(10), Sight.UNDESCRIBED);
        Story one = new Story()
                .with(0, sample -> sample < 20 ? at(10, 10) : undescribed)
                .with(1, at(30, 30));
        Report none = new Story().untold("what it has committed was not told").report();
        Report gone = new Story()
                .group(GroupView.undescribed("g", Phase.UNSEEN, "there is no consumer group 'g'"))
                .report();

        is(one.finding(0), Cause.NOT_SEEN, Severity.WAITING, Certainty.SEEN);
        assertThat(one.report().exitCode()).isZero();
        assertThat(none.exitCode()).isEqualTo(3);
        assertThat(new ReportText(false).lines(none)).endsWith("Nothing could be seen.");
        assertThat(gone.exitCode()).isEqualTo(3);
    }

    @Test
    void aTopicThatIsDeletedWhileItIsLookedAtCannotBeLookedAt() {
        PartitionView gone = new PartitionView(Replicas.UNKNOWN, LogEnds.UNKNOWN, CommitView.of(10), Sight.GONE);
        Story story = new Story().with(0, sample -> sample < 20 ? at(10, 10) : gone);

        is(story.finding(0), Cause.TOPIC_DELETED, Severity.WAITING, Certainty.SEEN);
        assertThat(story.report().exitCode()).isZero();
        assertThat(story.topicNamed().report().exitCode()).isEqualTo(3);
    }

    @Test
    void onlyTheWordOfTheClusterMakesATopicGone() {
        Answer<TopicDescription> late = Answer.failed(new TimeoutException("late"));
        Answer<TopicDescription> unknown = Answer.failed(new UnknownTopicOrPartitionException());
        Answer<TopicDescription> described = Answer.of(new TopicDescription("t", false, List.of()));

        assertThat(PartitionLook.sight(late, false, false, LogEnds.UNKNOWN)).isEqualTo(Sight.UNDESCRIBED);
        assertThat(PartitionLook.sight(unknown, false, false, LogEnds.UNKNOWN)).isEqualTo(Sight.GONE);
        assertThat(PartitionLook.sight(described, false, false, LogEnds.UNKNOWN))
                .isEqualTo(Sight.GONE);
    }

    @Test
    void whereReadersWereNotToldNobodyIsNotTheAnswer() {
        Report report = new Story()
                .group(GroupView.absent())
                .untold("whether a group reads it is not known")
                .with(0, view(CommitView.UNKNOWN, LogEnds.of(0, 10, 10)))
                .report();

        assertThat(report.exitCode()).isEqualTo(3);
        assertThat(new ReportText(false).lines(report)).endsWith("Which groups read it could not be seen.");
    }

    @Test
    void aGroupWithoutTheClientHasItsPartitionsJudgedIfNobodyIsLeft() {
        Story story = new Story()
                .group(view(Phase.EMPTY, "Empty"))
                .with(0, at(10, 30))
                .lookedFor(30)
                .askedAbout("a");

        is(story.finding(0), Cause.NO_MEMBERS, Severity.STALLED, Certainty.SEEN);
    }

    @Test
    void whatWasReadBeforeASeekBackIsNoSpeed() {
        Report report = new Story()
                .with(0, sample -> at(sample < 12 ? 20 : 5 + sample, 300))
                .report();

        assertThat(report.partitions().get(0).readPerSecond()).isPositive();
    }
}
