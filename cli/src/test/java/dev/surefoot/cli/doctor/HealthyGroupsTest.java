package dev.surefoot.cli.doctor;

import static dev.surefoot.cli.doctor.Story.at;
import static dev.surefoot.cli.doctor.Story.member;
import static dev.surefoot.cli.doctor.Story.partition;
import static dev.surefoot.cli.doctor.Story.stable;
import static dev.surefoot.cli.doctor.Story.transaction;
import static dev.surefoot.cli.doctor.Story.view;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.doctor.Finding.Severity;
import dev.surefoot.cli.doctor.GroupView.Phase;
import dev.surefoot.cli.doctor.OpenTransaction.Hanging;
import dev.surefoot.cli.doctor.PartitionView.CommitView;
import dev.surefoot.cli.doctor.PartitionView.LogEnds;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is odd and healthy: the command must not call it stalled. The numbers are those of the list of such traffic. */
class HealthyGroupsTest {

    static Stream<Arguments> healthyPartitions() {
        return Stream.of(
                Arguments.of("n1 idle for a week", new Story().with(0, at(30, 30))),
                Arguments.of(
                        "n2 a record a day, committed within the look",
                        new Story().with(0, sample -> at(sample < 12 ? 30 : 31, sample < 10 ? 30 : 31))),
                Arguments.of(
                        "n3 a burst after idleness", new Story().with(0, sample -> at(1_000L * sample, 10_000_000))),
                Arguments.of(
                        "n5 a gap of compaction",
                        new Story().with(0, sample -> at(sample < 9 ? 5 : 1_000_005, 2_000_000))),
                Arguments.of(
                        "n6 a tail of markers", new Story().with(0, at(29, 30)).next(0, NextRecord.NONE)),
                Arguments.of(
                        "n8 a transaction open for 9 of its 15 minutes",
                        new Story().with(0, at(50, 50, 90)).transaction(0, transaction(540, 900, Hanging.NO))),
                Arguments.of(
                        "n9 always some transaction, committed every 10 s",
                        new Story().with(0, sample -> at(sample / 4 * 10, sample / 4 * 10, sample * 3))),
                Arguments.of(
                        "n21 retention deletes what was read",
                        new Story().with(0, sample -> view(CommitView.of(30), LogEnds.of(sample, 30, 30)))),
                Arguments.of(
                        "n22 producers fail for lack of replicas in sync",
                        new Story().with(0, at(30, 30)).settings(new TopicSettings(2, OptionalLong.empty(), false))));
    }

    static Stream<Arguments> healthyGroups() {
        return Stream.of(
                Arguments.of(
                        "n30 more members than partitions",
                        new Story()
                                .group(stable(member("a", partition(0)), member("b")))
                                .with(0, at(30, 30))),
                Arguments.of(
                        "n31 a deploy rebalances, and the partitions go on",
                        new Story()
                                .group(sample -> sample % 9 < 3
                                        ? view(Phase.REBALANCING, "PreparingRebalance", member("a"))
                                        : stable(member("a", partition(0))))
                                .with(0, sample -> at(sample, 300))),
                Arguments.of(
                        "n32 a handler sleeps for 20 s while partitions are revoked",
                        new Story()
                                .group(sample -> sample < 4
                                        ? stable(member("a", partition(0)))
                                        : view(
                                                Phase.REBALANCING,
                                                "Reconciling",
                                                5,
                                                member("a", 4, Set.of(), Set.of()),
                                                member("b", 5, Set.of(), Set.of(partition(0)))))
                                .with(0, at(10, 30))
                                .lookedFor(30)),
                Arguments.of(
                        "n35 the application seeks back",
                        new Story().with(0, sample -> at(sample < 12 ? 20 : 5 + sample, 300))),
                Arguments.of(
                        "a client that commits once a minute, looked at for half of it",
                        new Story().with(0, sample -> at(10, 30 + sample)).lookedFor(30)),
                Arguments.of(
                        "a partition that was just caught up with",
                        new Story().with(0, sample -> at(sample < 5 ? 10 : 30, 30))),
                Arguments.of(
                        "a group that is stopped and has read all",
                        new Story().group(view(Phase.EMPTY, "Empty")).with(0, at(30, 30))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"healthyPartitions", "healthyGroups"})
    void nothingIsStalled(String name, Story story) {
        Report report = story.report();

        assertThat(report.findings()).as(name).noneMatch(each -> each.severity() == Severity.STALLED);
        assertThat(report.exitCode()).isZero();
    }
}
