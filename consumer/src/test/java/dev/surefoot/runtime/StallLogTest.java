package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.guard.Announcement;
import dev.surefoot.core.guard.Announcement.Kind;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StallLogTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 3);
    private static final Duration LASTED = Duration.ofSeconds(250);

    private final List<String> lines = new ArrayList<>();
    private final StallLog log = new StallLog(LogLines.to(lines::add), "me");

    private static Announcement of(Kind kind, int count, @Nullable StallCause next, long heldBack) {
        Evidence evidence = new Evidence.Link(Marks.UNKNOWN, 7, "backs off", 90_000, 23, "refused");
        return new Announcement(
                kind,
                new Announcement.Stalling(
                        1, StallCause.LEADER_UNREACHABLE, Severity.STALLED, new Scope.Broker(7), evidence, null, 0),
                new Announcement.Affected(count, List.of(PARTITION), 1204),
                0,
                LASTED.toNanos(),
                next,
                heldBack);
    }

    @Test
    void aStallIsAWarningWithCauseEvidenceAndAdvice() {
        log.stands(of(Kind.LINE_OF_STALL, 1, null, 0), Instant.parse("2030-01-02T03:04:05.678Z"));

        assertThat(lines)
                .containsExactly("warn [me] t-3 stands still at 1204 since 2030-01-02T03:04:05Z: LEADER_UNREACHABLE"
                        + " (connection to broker 7 backs off for 90000 ms, failed 23 times: refused). "
                        + StallCause.LEADER_UNREACHABLE.advice());
    }

    @Test
    void aStallOfManyPartitionsNamesSomeAndCountsTheOthers() {
        log.stands(of(Kind.LINE_OF_STALL, 12, null, 3), Instant.parse("2030-01-02T03:04:05Z"));

        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("warn [me] t-3 and 11 more partitions stand still, the first at 1204 since ")
                .endsWith(" 3 more stalls had no line.");
    }

    @Test
    void aConsumerWithoutPartitionsHasTheSameLines() {
        log.stands(of(Kind.LINE_OF_STALL, 0, null, 0), Instant.parse("2030-01-02T03:04:05Z"));
        log.goesOn(of(Kind.LINE_OF_END, 0, StallCause.JOINING_GROUP, 0), Optional.empty());
        log.goesOn(of(Kind.LINE_OF_END, 0, null, 0), Optional.empty());

        assertThat(lines)
                .containsExactly(
                        "warn [me] the consumer has no partitions since 2030-01-02T03:04:05Z: LEADER_UNREACHABLE"
                                + " (connection to broker 7 backs off for 90000 ms, failed 23 times: refused). "
                                + StallCause.LEADER_UNREACHABLE.advice(),
                        "info [me] the consumer has had no partitions for 4 min 10 s (LEADER_UNREACHABLE);"
                                + " now JOINING_GROUP",
                        "info [me] the consumer has had no partitions for 4 min 10 s (LEADER_UNREACHABLE);"
                                + " now it has some");
    }

    @Test
    void anEndSaysWhatFollowed() {
        log.goesOn(of(Kind.LINE_OF_END, 1, StallCause.PROGRESSING, 0), Optional.empty());
        log.goesOn(of(Kind.LINE_OF_END, 1, StallCause.CAUGHT_UP, 0), Optional.of(RecoveryStep.Action.RECONNECT));
        log.goesOn(of(Kind.LINE_OF_END, 1, StallCause.PAUSED, 0), Optional.empty());
        log.goesOn(of(Kind.LINE_OF_END, 2, null, 0), Optional.empty());

        assertThat(lines)
                .containsExactly(
                        "info [me] t-3 goes on at 1204 after 4 min 10 s (LEADER_UNREACHABLE); healed by itself",
                        "info [me] t-3 goes on at 1204 after 4 min 10 s (LEADER_UNREACHABLE); healed by RECONNECT",
                        "info [me] t-3 stood still for 4 min 10 s (LEADER_UNREACHABLE); now PAUSED",
                        "info [me] t-3 and 1 more partition are not assigned any more, after 4 min 10 s of"
                                + " LEADER_UNREACHABLE");
    }

    @Test
    void aConcernOfTheConsumerIsSaidOfItsScope() {
        log.noted(new Announcement(
                Kind.LINE_OF_NOTE,
                new Announcement.Stalling(
                        0,
                        StallCause.SESSION_THRASH,
                        Severity.FINE,
                        new Scope.Broker(7),
                        new Evidence.Sessions(Marks.UNKNOWN, 7, 3, 0),
                        null,
                        0),
                new Announcement.Affected(0, List.of(), -1),
                0,
                0,
                null,
                0));

        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("info [me] broker 7: SESSION_THRASH (")
                .endsWith(StallCause.SESSION_THRASH.advice());
    }
}
