package dev.surefoot.cli.doctor;

import static dev.surefoot.cli.doctor.Story.at;
import static dev.surefoot.cli.doctor.Story.ledBy;
import static dev.surefoot.cli.doctor.Story.member;
import static dev.surefoot.cli.doctor.Story.partition;
import static dev.surefoot.cli.doctor.Story.partitions;
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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each branch of the decision tree, by values. */
class DiagnosisTest {

    @ParameterizedTest
    @CsvSource({
        "COORDINATOR_MISSING, 25, STALLED",
        "COORDINATOR_MISSING, 10, WAITING",
        "COORDINATOR_UNREACHABLE, 25, STALLED",
        "COORDINATOR_LOADING, 25, WAITING",
        "COORDINATOR_LOADING, 65, STALLED",
    })
    void aGroupWithoutACoordinatorIsNamedOncePatienceIsOver(Phase phase, int seconds, Severity severity) {
        Report report = new Story()
                .group(GroupView.undescribed("g", phase, "no answer"))
                .lookedFor(seconds)
                .report();

        assertThat(report.group().orElseThrow().cause().name()).isEqualTo(phase.name());
        assertThat(report.group().orElseThrow().severity()).isEqualTo(severity);
        assertThat(report.exitCode()).isEqualTo(severity == Severity.STALLED ? 1 : 0);
    }

    @Test
    void aGroupWithoutMembersThatHasSomethingToReadIsStalled() {
        Story story = new Story()
                .group(view(Phase.EMPTY, "Empty"))
                .with(0, at(10, 30))
                .with(1, at(30, 30))
                .with(2, view(CommitView.of(10), LogEnds.of(20, 30, 30)))
                .with(3, at(29, 30))
                .next(3, NextRecord.NONE)
                .lookedFor(30);

        assertThat(story.finding(3).severity()).as("markers only").isEqualTo(Severity.FINE);
        is(story.finding(0), Cause.NO_MEMBERS, Severity.STALLED, Certainty.SEEN);
        is(story.finding(1), Cause.CAUGHT_UP, Severity.FINE, Certainty.SEEN);
        assertThat(story.finding(2).evidence()).anyMatch(each -> each.contains("10 unread offsets are deleted"));
        assertThat(story.report().exitCode()).isEqualTo(1);
    }

    @Test
    void aMemberThatHasJustLeftMayComeBack() {
        Story story = new Story()
                .group(sample -> sample < 10 ? stable(member("a", partition(0))) : view(Phase.EMPTY, "Empty"))
                .with(0, at(10, 30))
                .lookedFor(30);

        is(story.finding(0), Cause.NO_MEMBERS, Severity.WAITING, Certainty.SEEN);
    }

    @Test
    void aReaderThatAssignsPartitionsItselfIsSeenByItsCommits() {
        Story story = new Story().group(view(Phase.EMPTY, "Empty")).with(0, sample -> at(10 + sample, 300));

        is(story.finding(0), Cause.PROGRESSING, Severity.FINE, Certainty.SEEN);
    }

    @ParameterizedTest
    @CsvSource({"30, STALLED, 1", "25, WAITING, 0"})
    void aRebalanceThatDoesNotEndIsNamed(int seconds, Severity severity, int exitCode) {
        Story story = new Story()
                .group(view(Phase.REBALANCING, "PreparingRebalance", member("a", partition(0)), member("b")))
                .with(0, at(10, 30))
                .lookedFor(seconds);

        is(story.finding(0), Cause.JOINING_GROUP, severity, Certainty.SEEN);
        assertThat(story.report().exitCode()).isEqualTo(exitCode);
    }

    @Test
    void aNewGroupMayBeStuckBeforeItHasAnyPartition() {
        Report report = new Story()
                .group(view(Phase.REBALANCING, "CompletingRebalance", member("a")))
                .lookedFor(30)
                .report();

        assertThat(report.group().orElseThrow().cause()).isEqualTo(Cause.JOINING_GROUP);
        assertThat(report.exitCode()).isEqualTo(1);
    }

    @Test
    void aRebalanceOfAGroupThatHasReadAllIsNoStall() {
        Story story = new Story()
                .group(view(Phase.REBALANCING, "PreparingRebalance", member("a")))
                .with(0, at(30, 30))
                .lookedFor(30);

        is(story.finding(0), Cause.CAUGHT_UP, Severity.FINE, Certainty.SEEN);
        is(story.report().group().orElseThrow(), Cause.JOINING_GROUP, Severity.WAITING, Certainty.SEEN);
        assertThat(story.report().exitCode()).isZero();
    }

    @Test
    void thePartitionThatAMemberDoesNotGiveUpIsNamedWithThatMember() {
        GroupView group = view(
                Phase.REBALANCING,
                "Reconciling",
                5,
                member("slow", 4, Set.of(partition(0)), Set.of(partition(0))),
                member("new", 5, Set.of(), Set.of(partition(1))));
        Story story = new Story()
                .group(group)
                .with(0, sample -> at(sample, 300))
                .with(1, at(10, 30))
                .lookedFor(30);

        is(story.finding(0), Cause.PROGRESSING, Severity.FINE, Certainty.SEEN);
        is(story.finding(1), Cause.AWAITING_RELEASE, Severity.STALLED, Certainty.SEEN);
        assertThat(story.finding(1).evidence())
                .anyMatch(each -> each.contains("has not given it up: slow at 10.0.0.1"))
                .anyMatch(each -> each.contains("to be given to new at 10.0.0.1"));
    }

    @Test
    void aPartitionThatNoMemberHasIsStalledIfOthersOfItsTopicAreRead() {
        Story story = new Story()
                .group(stable(member("a", partition(0))))
                .with(0, at(30, 30))
                .with(1, at(10, 30))
                .with(2, at(30, 30));

        is(story.finding(1), Cause.NOT_ASSIGNED, Severity.STALLED, Certainty.SEEN);
        is(story.finding(2), Cause.CAUGHT_UP, Severity.FINE, Certainty.SEEN);
    }

    @Test
    void aTopicThatNoMemberReadsIsStalledOnlyIfItWasAskedFor() {
        Story story = new Story().group(stable(member("a"))).with(0, at(10, 30));

        is(story.finding(0), Cause.NOT_SUBSCRIBED, Severity.WAITING, Certainty.SUSPECTED);
        is(story.topicNamed().finding(0), Cause.NOT_SUBSCRIBED, Severity.STALLED, Certainty.SUSPECTED);
    }

    @Test
    void aPartitionWithoutALeaderSpoilsNoOther() {
        Story story =
                new Story().with(0, leaderless(List.of())).with(1, at(30, 30)).with(2, leaderless(List.of(2)));

        is(story.finding(0), Cause.NO_LEADER, Severity.STALLED, Certainty.SEEN);
        is(story.finding(1), Cause.CAUGHT_UP, Severity.FINE, Certainty.SEEN);
        is(story.finding(2), Cause.LISTENER_MISSING, Severity.STALLED, Certainty.SUSPECTED);
    }

    private static PartitionView leaderless(List<Integer> online) {
        Replicas replicas = new Replicas(OptionalInt.empty(), List.of(1, 2), List.of(2), online);
        return new PartitionView(replicas, LogEnds.UNKNOWN, CommitView.of(10), Sight.SEEN);
    }

    @ParameterizedTest
    @CsvSource({"25, STALLED", "10, WAITING"})
    void aLeaderThatDoesNotAnswerIsSuspected(int seconds, Severity severity) {
        PartitionView silent =
                new PartitionView(at(0, 0).replicas(), LogEnds.UNKNOWN, CommitView.of(10), Sight.UNANSWERED);

        is(
                new Story().with(0, silent).lookedFor(seconds).finding(0),
                Cause.LEADER_UNREACHABLE,
                severity,
                Certainty.SUSPECTED);
    }

    @Test
    void aMemberThatCommitsNothingOfWhatIsWrittenIsSuspected() {
        Story story = new Story().with(0, sample -> view(CommitView.NEVER, LogEnds.of(0, 10 + sample, 10 + sample)));

        is(story.finding(0), Cause.NEVER_COMMITTED, Severity.STALLED, Certainty.SUSPECTED);
        is(story.lookedFor(30).finding(0), Cause.NEVER_COMMITTED, Severity.WAITING, Certainty.SUSPECTED);
        assertThat(Diagnosis.neededMs(story.report())).isEqualTo(64_000);
    }

    @Test
    void nothingCommittedIsNoStallWhereNothingIsWritten() {
        is(
                new Story()
                        .with(0, view(CommitView.NEVER, LogEnds.of(0, 10, 10)))
                        .finding(0),
                Cause.NEVER_COMMITTED,
                Severity.WAITING,
                Certainty.SUSPECTED);
        is(
                new Story().with(0, view(CommitView.NEVER, LogEnds.of(7, 7, 7))).finding(0),
                Cause.CAUGHT_UP,
                Severity.FINE,
                Certainty.SEEN);
    }

    @Test
    void aCommitThatIsPartOfAnOpenTransactionIsWaitedForAsLongAsThatMayBeOpen() {
        PartitionView pending = view(new CommitView(true, OptionalLong.of(10), true), LogEnds.of(0, 30, 30));
        Story open = new Story().with(0, pending).offsetsTransaction(transaction(40, 60, Hanging.NO));
        Story late = new Story().with(0, pending).offsetsTransaction(transaction(80, 60, Hanging.NO));
        Story hanging = new Story().with(0, pending).offsetsTransaction(transaction(40, 0, Hanging.YES));
        Story untold = new Story().with(0, pending).lookedFor(30);

        is(open.finding(0), Cause.COMMITTED_OFFSET_UNSTABLE, Severity.WAITING, Certainty.SUSPECTED);
        is(late.finding(0), Cause.COMMITTED_OFFSET_UNSTABLE, Severity.STALLED, Certainty.SUSPECTED);
        is(hanging.finding(0), Cause.COMMITTED_OFFSET_UNSTABLE, Severity.STALLED, Certainty.SUSPECTED);
        is(untold.finding(0), Cause.COMMITTED_OFFSET_UNSTABLE, Severity.WAITING, Certainty.SUSPECTED);
        is(untold.lookedFor(65).finding(0), Cause.COMMITTED_OFFSET_UNSTABLE, Severity.STALLED, Certainty.SUSPECTED);
    }

    @Test
    void aMemberThatMayWaitForAnotherOffsetFirstIsNotAccused() {
        PartitionView pending = view(new CommitView(true, OptionalLong.of(10), true), LogEnds.of(0, 30, 30));
        Story none =
                new Story().with(0, pending).with(1, at(10, 30)).offsetsTransaction(transaction(40, 60, Hanging.NO));
        Story some = new Story()
                .with(0, pending)
                .with(1, at(10, 30))
                .with(2, sample -> at(sample, 300))
                .offsetsTransaction(transaction(40, 60, Hanging.NO));

        is(none.finding(1), Cause.COMMITTED_OFFSET_UNSTABLE, Severity.WAITING, Certainty.SUSPECTED);
        assertThat(none.finding(1).evidence()).anyMatch(words -> words.contains("that is t-0, of the same member"));
        assertThat(none.report().exitCode()).isZero();
        is(some.finding(1), Cause.CLIENT_FAULT, Severity.STALLED, Certainty.SUSPECTED);
    }

    @Test
    void anOffsetThatTheLogDoesNotHaveIsNamed() {
        Story story = new Story()
                .with(0, view(CommitView.of(10), LogEnds.of(20, 30, 30)))
                .with(1, view(CommitView.of(10), LogEnds.of(20, 20, 20)))
                .with(2, at(31, 30))
                .lookedFor(5);

        is(story.finding(0), Cause.OFFSET_OUT_OF_RANGE, Severity.STALLED, Certainty.SEEN);
        is(story.finding(1), Cause.OFFSET_OUT_OF_RANGE, Severity.WAITING, Certainty.SEEN);
        is(story.finding(2), Cause.LOG_TRUNCATED, Severity.STALLED, Certainty.SEEN);
        is(story.lookedFor(0).finding(2), Cause.LOG_TRUNCATED, Severity.WAITING, Certainty.SEEN);
    }

    @Test
    void anOpenTransactionIsWaitedForUntilItsTimeout() {
        PartitionView pinned = at(50, 50, 90);
        Story open = new Story().with(0, pinned).transaction(0, transaction(540, 900, Hanging.NO));
        Story late = new Story().with(0, pinned).transaction(0, transaction(75, 60, Hanging.NO));

        is(open.finding(0), Cause.TRANSACTION_OPEN, Severity.WAITING, Certainty.SUSPECTED);
        assertThat(open.finding(0).evidence()).anyMatch(each -> each.contains("producer 'payer', id 7, epoch 1"));
        is(late.finding(0), Cause.TRANSACTION_OPEN, Severity.STALLED, Certainty.SUSPECTED);
        is(
                open.isolation(Isolation.READ_COMMITTED).finding(0),
                Cause.TRANSACTION_OPEN,
                Severity.WAITING,
                Certainty.SEEN);
    }

    @Test
    void aTransactionThatNobodyEndsIsNamedWithTheCommandThatAbortsIt() {
        Story story = new Story()
                .with(0, at(50, 50, 90))
                .isolation(Isolation.READ_COMMITTED)
                .transaction(0, transaction(30, 0, Hanging.YES));

        is(story.finding(0), Cause.TRANSACTION_HANGING, Severity.STALLED, Certainty.SEEN);
        assertThat(story.finding(0).evidence())
                .contains("kafka-transactions.sh abort --topic t --partition 0 --start-offset 50");
    }

    @Test
    void aTransactionWhoseStateIsNotToldIsLateAfterTwentyMinutes() {
        PartitionView pinned = at(50, 50, 90);

        assertThat(new Story()
                        .with(0, pinned)
                        .transaction(0, transaction(0, 0, Hanging.UNKNOWN).seenFor(19 * 60_000, Hanging.UNKNOWN))
                        .finding(0)
                        .severity())
                .isEqualTo(Severity.WAITING);
        assertThat(new Story()
                        .with(0, pinned)
                        .transaction(0, transaction(0, 0, Hanging.UNKNOWN).seenFor(21 * 60_000, Hanging.UNKNOWN))
                        .finding(0)
                        .severity())
                .isEqualTo(Severity.STALLED);
    }

    @Test
    void aClientThatCommitsTheLastRecordWaitsForTheTransactionToo() {
        Story story = new Story().with(0, at(48, 50, 90)).next(0, NextRecord.NONE);

        is(story.finding(0), Cause.TRANSACTION_OPEN, Severity.WAITING, Certainty.SUSPECTED);
    }

    @Test
    void aTransactionIsNoExcuseForWhoHasCommittedBeyondItsStart() {
        Story story = new Story().with(0, at(60, 50, 90)).next(0, NextRecord.NONE);

        assertThat(story.finding(0).cause()).isNotEqualTo(Cause.TRANSACTION_OPEN);
    }

    @Test
    void aTransactionIsNoExcuseForReadersOfUncommittedRecords() {
        Story story = new Story().with(0, at(50, 50, 90)).isolation(Isolation.READ_UNCOMMITTED);

        is(story.finding(0), Cause.APPLICATION_NOT_POLLING, Severity.STALLED, Certainty.SUSPECTED);
    }

    @Test
    void aTopicWithoutAGroupShowsItsLeadersAndItsTransactions() {
        Story story = new Story()
                .group(GroupView.absent())
                .with(0, view(CommitView.UNKNOWN, LogEnds.of(0, 10, 10)))
                .with(1, view(CommitView.UNKNOWN, LogEnds.of(0, 5, 10)))
                .transaction(1, transaction(30, 0, Hanging.YES))
                .with(2, leaderless(List.of()));

        is(story.finding(0), Cause.NOT_READ, Severity.FINE, Certainty.SEEN);
        is(story.finding(1), Cause.TRANSACTION_HANGING, Severity.STALLED, Certainty.SEEN);
        is(story.finding(2), Cause.NO_LEADER, Severity.STALLED, Certainty.SEEN);
    }

    @Test
    void dataThatIsAboutToBeDeletedIsARace() {
        Story story = new Story().with(0, sample -> at(10 + sample, 1_000)).nearRetention(0);

        is(story.finding(0), Cause.RETENTION_RACE, Severity.WAITING, Certainty.SEEN);
    }

    @Test
    void aStandingMemberIsSuspectedOfItsApplicationIfNothingOfItMoves() {
        Story story = new Story().with(0, at(10, 30)).with(1, at(20, 30)).with(2, at(30, 30));

        is(story.finding(0), Cause.APPLICATION_NOT_POLLING, Severity.STALLED, Certainty.SUSPECTED);
        is(story.finding(1), Cause.APPLICATION_NOT_POLLING, Severity.STALLED, Certainty.SUSPECTED);
        is(story.finding(2), Cause.CAUGHT_UP, Severity.FINE, Certainty.SEEN);
    }

    @Test
    void aStandingPartitionOfAMemberThatReadsOthersIsSuspectedOfItsClient() {
        Story story = new Story()
                .with(0, at(10, 30))
                .with(1, sample -> at(20 + sample, 300))
                .lookedFor(30);

        is(story.finding(0), Cause.CLIENT_FAULT, Severity.STALLED, Certainty.SUSPECTED);
    }

    @Test
    void whatStandsOnOneBrokerOnlyIsSuspectedOfIt() {
        Story story = new Story()
                .group(stable(member("a", partition(0), partition(1)), member("b", partition(2), partition(3))))
                .with(0, ledBy(1, at(10, 30)))
                .with(1, sample -> ledBy(2, at(sample, 300)))
                .with(2, ledBy(1, at(10, 30)))
                .with(3, sample -> ledBy(2, at(sample, 300)))
                .lookedFor(30);

        is(story.finding(0), Cause.BROKER_SLOW, Severity.STALLED, Certainty.SUSPECTED);
        is(story.finding(2), Cause.BROKER_SLOW, Severity.STALLED, Certainty.SUSPECTED);
    }

    @Test
    void otherPossibilitiesAreNamedAndDecideNothing() {
        Finding found = new Story()
                .with(0, at(10, 30))
                .quota("a", 1_024)
                .remoteBelow(0, 20)
                .next(0, new NextRecord(true, 10, Story.NOW_MS, -1, 5_000_000))
                .nearRetention(0)
                .finding(0);

        is(found, Cause.APPLICATION_NOT_POLLING, Severity.STALLED, Certainty.SUSPECTED);
        assertThat(found.evidence())
                .anyMatch(each -> each.contains("quota of 1,024 B/s"))
                .anyMatch(each -> each.contains("offsets below 20 are in remote storage"))
                .anyMatch(each -> each.contains("key null, value 5,000,000 B"))
                .anyMatch(each -> each.contains("fifth of the retention time"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Sight.class,
            names = {"FORBIDDEN", "GONE"})
    void whatCannotBeSeenIsSaid(Sight sight) {
        PartitionView unseen = new PartitionView(Replicas.UNKNOWN, LogEnds.UNKNOWN, CommitView.of(10), sight);
        Cause cause = sight == Sight.GONE ? Cause.TOPIC_DELETED : Cause.NOT_AUTHORIZED;

        is(new Story().with(0, unseen).finding(0), cause, Severity.WAITING, Certainty.SEEN);
        assertThat(new Story().with(0, unseen).report().exitCode()).isEqualTo(sight == Sight.GONE ? 0 : 3);
        assertThat(new Story().with(0, unseen).with(1, at(3, 3)).report().exitCode())
                .isZero();
    }

    @Test
    void replicasThatAreMissingAreNamedBesides() {
        Finding found = new Story()
                .with(0, at(30, 30))
                .settings(new TopicSettings(2, OptionalLong.empty(), false))
                .finding(0);

        is(found, Cause.CAUGHT_UP, Severity.FINE, Certainty.SEEN);
        assertThat(found.evidence()).anyMatch(each -> each.contains("below min.insync.replicas of 2"));
    }

    @Test
    void onlyTheClientThatIsAskedForIsJudged() {
        Story story = new Story()
                .group(stable(member("a", partition(0)), member("b", partition(1))))
                .with(0, at(10, 30))
                .with(1, at(30, 30));

        assertThat(story.askedAbout("b").report().exitCode()).isZero();
        assertThat(story.askedAbout("a").report().exitCode()).isEqualTo(1);
        assertThat(story.askedAbout("c").report().exitCode()).isEqualTo(3);
    }

    static void is(Finding found, Cause cause, Severity severity, Certainty certainty) {
        assertThat(found)
                .extracting(Finding::cause, Finding::severity, Finding::certainty)
                .as("%s", found)
                .containsExactly(cause, severity, certainty);
    }

    @Test
    void manyPartitionsAreInOrder() {
        Story story = new Story();
        for (int i = 0; i < 12; i++) {
            story.with(i, at(3, 3));
        }

        assertThat(story.report().partitions())
                .extracting(PartitionReport::partition)
                .containsExactly(partitions(12));
    }
}
