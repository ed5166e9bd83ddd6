package dev.surefoot.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.guard.Announcement.Affected;
import dev.surefoot.core.guard.Announcement.Kind;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is announced of stalls, to programs and to people, in rounds of a second of a turned clock. */
class EpisodesTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long MINUTE = 60 * SECOND;
    private static final Scope BROKER = new Scope.Broker(7);

    private final Episodes episodes = new Episodes();
    private final List<Announcement> all = new ArrayList<>();
    private final List<Long> lineNanos = new ArrayList<>();
    private long now = 1_000 * SECOND;

    private static TopicPartition partition(int number) {
        return new TopicPartition("t", number);
    }

    private static Sight sight(int partition, StallCause cause, Scope scope, Severity severity, long at, long moved) {
        Conclusion conclusion = new Conclusion(cause, scope, new Evidence.Offsets(Marks.UNKNOWN));
        return new Sight(new Subject.OfPartition(partition(partition)), conclusion, severity, at, moved, moved, moved);
    }

    private void stalls(int partition, StallCause cause, Scope scope) {
        see(sight(partition, cause, scope, Severity.STALLED, 5, now - 20 * SECOND));
    }

    private void unreachable(int partition) {
        stalls(partition, StallCause.LEADER_UNREACHABLE, BROKER);
    }

    private void moves(int partition) {
        see(sight(partition, StallCause.PROGRESSING, scope(partition), Severity.FINE, 6, now));
    }

    private static Scope scope(int partition) {
        return new Scope.Partition(partition(partition));
    }

    private void see(Sight sight) {
        if (episodes.concerns(sight.subject(), sight.conclusion(), sight.severity())) {
            episodes.seen(sight, now);
        }
    }

    /** Ends the round, and begins the next one a second later. */
    private List<Announcement> round() {
        episodes.settle(now);
        List<Announcement> news = episodes.takeNews();
        all.addAll(news);
        news.stream().filter(EpisodesTest::isLine).forEach(line -> lineNanos.add(now));
        now += SECOND;
        return news;
    }

    private static boolean isLine(Announcement announcement) {
        return switch (announcement.kind()) {
            case LINE_OF_STALL, LINE_OF_END, LINE_OF_NOTE -> true;
            case STALLED, ENDED -> false;
        };
    }

    private List<Kind> kinds() {
        return all.stream().map(Announcement::kind).toList();
    }

    private long count(Kind kind) {
        return kinds().stream().filter(kind::equals).count();
    }

    @Test
    void aFaultOfOneBrokerIsOneStallOfAllItsPartitions() {
        for (int partition = 0; partition < 12; partition++) {
            unreachable(partition);
        }
        assertThat(round()).hasSize(2).allSatisfy(said -> {
            assertThat(said.affected().count()).isEqualTo(12);
            assertThat(said.affected().names()).containsExactly(partition(0), partition(1), partition(2));
            assertThat(said.affected().position()).isEqualTo(5);
            assertThat(said.stalling().episode()).isEqualTo(1);
        });
        for (int second = 0; second < 60; second++) {
            unreachable(second % 12);
            assertThat(round()).isEmpty();
        }
        assertThat(kinds()).containsExactly(Kind.STALLED, Kind.LINE_OF_STALL);
    }

    @Test
    void anEndIsSaidWithinSixSecondsOfProgressAndNotBeforeFive() {
        unreachable(0);
        round();
        long movedNanos = now;
        moves(0);
        while (all.size() < 4) {
            moves(0);
            round();
        }
        assertThat(now - SECOND - movedNanos).isBetween(5 * SECOND, 6 * SECOND);
        assertThat(kinds()).containsExactly(Kind.STALLED, Kind.LINE_OF_STALL, Kind.ENDED, Kind.LINE_OF_END);
        Announcement end = all.get(3);
        assertThat(end.next()).isEqualTo(StallCause.PROGRESSING);
        assertThat(end.affected().position()).isEqualTo(6);
        assertThat(end.untilNanos() - end.sinceNanos()).isEqualTo(21 * SECOND);
        assertThat(episodes.isSettled()).isTrue();
    }

    @Test
    void aRelapseWithinAMinuteIsTheSameStallWithoutALine() {
        unreachable(0);
        round();
        for (int second = 0; second < 30; second++) {
            moves(0);
            round();
        }
        unreachable(0);
        round();

        assertThat(kinds())
                .containsExactly(Kind.STALLED, Kind.LINE_OF_STALL, Kind.ENDED, Kind.LINE_OF_END, Kind.STALLED);
        assertThat(all.get(4).stalling().episode()).isEqualTo(1);
        assertThat(all.get(4).stalling().flaps()).isEqualTo(1);
    }

    @Test
    void aStallThatBeganAgainAndLastsIsWarnedOfWhenTheLimitAllows() {
        unreachable(0);
        round();
        long warnedNanos = now - SECOND;
        for (int second = 0; second < 30; second++) {
            moves(0);
            round();
        }
        while (count(Kind.LINE_OF_STALL) < 2) {
            unreachable(0);
            round();
        }
        assertThat(now - SECOND - warnedNanos).isEqualTo(5 * MINUTE);
    }

    @Test
    void patienceThatBeginsAnewDoesNotEndAStallButProgressDoes() {
        unreachable(0);
        round();
        for (int second = 0; second < 15; second++) {
            see(sight(0, StallCause.LEADER_UNREACHABLE, BROKER, Severity.WAITING, 5, now));
            assertThat(round()).isEmpty();
        }
        for (int second = 0; second < 7; second++) {
            see(sight(0, StallCause.LEADER_UNREACHABLE, BROKER, Severity.WAITING, 6, now));
            round();
        }
        assertThat(count(Kind.ENDED)).isEqualTo(1);
    }

    @Test
    void anotherCauseIsAnotherStallAndTheFirstOneSaysWhatFollowed() {
        unreachable(0);
        round();
        for (int second = 0; second < 7; second++) {
            stalls(0, StallCause.NO_LEADER, scope(0));
            round();
        }
        assertThat(kinds())
                .containsExactly(
                        Kind.STALLED,
                        Kind.LINE_OF_STALL,
                        Kind.STALLED,
                        Kind.LINE_OF_STALL,
                        Kind.ENDED,
                        Kind.LINE_OF_END);
        assertThat(all.get(5).next()).isEqualTo(StallCause.NO_LEADER);
    }

    @Test
    void aPartitionThatIsGivenUpEndsItsStall() {
        unreachable(0);
        round();
        episodes.gone(partition(0), now);
        for (int second = 0; second < 7; second++) {
            round();
        }
        assertThat(count(Kind.ENDED)).isEqualTo(1);
        assertThat(all.get(all.size() - 1).next()).isNull();
        assertThat(episodes.isSettled()).isTrue();
    }

    private Sight without(StallCause cause, Severity severity) {
        Conclusion conclusion = new Conclusion(cause, new Scope.Group("g"), new Evidence.Offsets(Marks.UNKNOWN));
        return new Sight(Subject.CONSUMER, conclusion, severity, -1, now, now, now);
    }

    private List<Announcement> seconds(int count, @Nullable Sight consumer) {
        List<Announcement> said = new ArrayList<>();
        for (int second = 0; second < count; second++) {
            episodes.look(consumer, now);
            said.addAll(round());
        }
        return said;
    }

    @Test
    void aConsumerWithoutPartitionsIsAnnouncedAndSoIsTheEnd() {
        seconds(3, without(StallCause.COORDINATOR_MISSING, Severity.WAITING));
        assertThat(all).isEmpty();
        assertThat(seconds(3, without(StallCause.COORDINATOR_MISSING, Severity.STALLED)))
                .allSatisfy(said -> assertThat(said.affected()).isEqualTo(new Affected(0, List.of(), -1)))
                .extracting(Announcement::kind)
                .containsExactly(Kind.STALLED, Kind.LINE_OF_STALL);
        assertThat(seconds(9, without(StallCause.JOINING_GROUP, Severity.WAITING)))
                .allSatisfy(said -> assertThat(said.next()).isEqualTo(StallCause.JOINING_GROUP))
                .extracting(Announcement::kind)
                .containsExactly(Kind.ENDED, Kind.LINE_OF_END);
        assertThat(episodes.isSettled()).isTrue();
    }

    @Test
    void theStallOfAConsumerWithoutPartitionsEndsWhenItHasSome() {
        seconds(1, without(StallCause.COORDINATOR_MISSING, Severity.STALLED));
        List<Announcement> said = seconds(9, null);
        assertThat(said).extracting(Announcement::kind).containsExactly(Kind.ENDED, Kind.LINE_OF_END);
        assertThat(said.get(0).next()).isNull();
    }

    @Test
    void aStallThatOutlivesThePartitionsIsTheSameOne() {
        Scope group = new Scope.Group("g");
        stalls(0, StallCause.COORDINATOR_MISSING, group);
        assertThat(seconds(1, null)).extracting(said -> said.affected().count()).containsOnly(1);
        episodes.gone(partition(0), now);
        assertThat(seconds(9, without(StallCause.COORDINATOR_MISSING, Severity.STALLED)))
                .isEmpty();
    }

    @Test
    void stallsOfSinglePartitionsWithOneCauseHaveOneLine() {
        for (int partition = 0; partition < 1_000; partition++) {
            stalls(partition, StallCause.NO_LEADER, scope(partition));
        }
        List<Announcement> news = round();

        assertThat(news).filteredOn(said -> said.kind() == Kind.STALLED).hasSize(1_000);
        assertThat(news).filteredOn(EpisodesTest::isLine).singleElement().satisfies(line -> {
            assertThat(line.affected().count()).isEqualTo(1_000);
            assertThat(line.affected().names()).hasSize(3);
        });
    }

    @Test
    void whatTheLogOfConnectionsSaysHasNoSecondLine() {
        stalls(0, StallCause.AUTHENTICATION_FAILING, BROKER);
        Evidence.Link ofBootstrap = new Evidence.Link(Marks.UNKNOWN, -1, "backing off", 5, 3, "refused");
        see(new Sight(
                new Subject.OfPartition(partition(1)),
                new Conclusion(StallCause.BOOTSTRAP_UNREACHABLE, new Scope.Client(), ofBootstrap),
                Severity.STALLED,
                -1,
                now,
                now,
                now));
        round();

        assertThat(kinds()).containsExactly(Kind.STALLED, Kind.STALLED);
    }

    @Test
    void aSlowApplicationIsNotedOnceWhenThatHasLasted() {
        long since = now;
        for (int second = 0; second < 3_000; second++) {
            see(sight(0, StallCause.APPLICATION_SLOW, scope(0), Severity.FINE, second, since));
            round();
        }
        assertThat(kinds()).containsExactly(Kind.LINE_OF_NOTE);
        assertThat(lineNanos).containsExactly(since + 5 * MINUTE);
    }

    /** W7: with any period, the limits hold and the last line is true within the limit of repetition. */
    @ParameterizedTest
    @ValueSource(longs = {1, 10, 100, 999, 1_000, 3_000, 7_000, 15_000, 30_000, 60_000, 120_000, 290_000, 600_000})
    void flappingFloodsNobody(long periodMs) {
        int partitions = 40;
        long start = now;
        for (int second = 0; second < 4 * 3_600; second++) {
            for (int partition = 0; partition < partitions; partition++) {
                boolean down = (now - start + partition * 37 * MILLI) / (periodMs * MILLI) % 2 == 0;
                Scope scope = partition % 2 == 0 ? new Scope.Broker(partition) : scope(partition);
                if (down) {
                    stalls(partition, StallCause.values()[partition], scope);
                } else {
                    moves(partition);
                }
            }
            round();
        }

        assertThatMinutesHaveTenLines();
        for (int partition = 0; partition < partitions; partition++) {
            assertThatWarningsKeepTheirDistance(StallCause.values()[partition]);
        }
        assertThat(count(Kind.LINE_OF_STALL)).isPositive();
        assertThat(count(Kind.LINE_OF_END)).isLessThanOrEqualTo(count(Kind.LINE_OF_STALL));
    }

    private void assertThatMinutesHaveTenLines() {
        for (int line = LineLimit.LINES_MAX; line < lineNanos.size(); line++) {
            assertThat(lineNanos.get(line) - lineNanos.get(line - LineLimit.LINES_MAX))
                    .as("the time of eleven lines")
                    .isGreaterThan(MINUTE);
        }
    }

    private void assertThatWarningsKeepTheirDistance(StallCause cause) {
        List<Long> at = new ArrayList<>();
        int line = 0;
        for (Announcement said : all) {
            if (isLine(said)) {
                if (said.kind() == Kind.LINE_OF_STALL && said.stalling().cause() == cause) {
                    at.add(lineNanos.get(line));
                }
                line++;
            }
        }
        List<Long> distances = List.of(5 * MINUTE, 15 * MINUTE, 60 * MINUTE);
        for (int i = 1; i < at.size(); i++) {
            assertThat(at.get(i) - at.get(i - 1))
                    .as("%s, warning %d", cause, i)
                    .isGreaterThanOrEqualTo(distances.get(Math.min(i, 3) - 1));
        }
    }

    @Test
    void whatWasHeldBackIsCountedInTheNextLine() {
        for (int broker = 0; broker < 15; broker++) {
            stalls(broker, StallCause.LEADER_UNREACHABLE, new Scope.Broker(broker));
        }
        round();
        assertThat(count(Kind.LINE_OF_STALL)).isEqualTo(10);
        while (count(Kind.ENDED) < 15) {
            for (int broker = 0; broker < 15; broker++) {
                moves(broker);
            }
            round();
        }
        while (count(Kind.LINE_OF_END) < 10) {
            round();
        }
        assertThat(count(Kind.LINE_OF_STALL)).isEqualTo(10);
        assertThat(all).filteredOn(said -> said.heldBack() > 0).singleElement().satisfies(line -> {
            assertThat(line.kind()).isEqualTo(Kind.LINE_OF_END);
            assertThat(line.heldBack()).isEqualTo(5);
        });
    }
}
