package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsRequest;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.guard.Finding;
import dev.surefoot.core.guard.LeaderQuestions.Kind;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ListOffsetsAnswer.PartitionOffset;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The causes for which the guard asks leaders: a follower that is behind, records in remote storage, and a log of which
 * compaction has left nothing.
 */
class LeaderQuestionScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);

    private final EngineWorld world = new EngineWorld(3);
    private final List<Finding> findings = new ArrayList<>();

    private void runUntil(BooleanSupplier done, long seconds) {
        long end = world.now + seconds * SECOND;
        while (!done.getAsBoolean()) {
            assertThat(world.now)
                    .as("%s", findings.stream().map(Finding::cause).distinct().toList())
                    .isLessThan(end);
            world.run(SECOND / 2);
            findings.addAll(world.engine.guard().takeFindings());
        }
    }

    private boolean isNamed(StallCause cause, Severity severity) {
        return findings.stream().anyMatch(each -> each.cause() == cause && each.severity() == severity);
    }

    private long questions(long timestamp) {
        return world.link.sent.stream()
                .filter(ListOffsetsRequest.class::isInstance)
                .map(ListOffsetsRequest.class::cast)
                .filter(each -> each.query().partitions().containsKey(A0)
                        && each.query().partitions().get(A0).timestamp() == timestamp)
                .count();
    }

    private ModelLog readFromAFollower() {
        ModelLog log = world.log(A0, 1, 10);
        log.preferredReplica = 2;
        world.assign(A0);
        world.runUntilConsumed(A0);
        world.run(SECOND);
        return log;
    }

    @Test
    void aFollowerThatStaysBehindIsNamedAndTheLeaderIsReadInstead() {
        ModelLog log = readFromAFollower();
        log.frozenAt = 2;
        log.append(5, 10, 0);

        runUntil(() -> isNamed(StallCause.FOLLOWER_BEHIND, Severity.WAITING), 75);
        log.preferredReplica = -1;
        runUntil(() -> world.application.position(A0) == log.endOffset(), 60);

        assertThat(isNamed(StallCause.FOLLOWER_BEHIND, Severity.STALLED)).isTrue();
        assertThat(isNamed(StallCause.PARTITION_LOST_FROM_SESSION, Severity.WAITING))
                .isFalse();
    }

    @Test
    void aFollowerThatIsReadToItsEndIsNotNamed() {
        readFromAFollower();
        long before = questions(ListOffsetsQuery.LATEST);

        runUntil(() -> world.now > 600 * SECOND, 601);

        assertThat(isNamed(StallCause.FOLLOWER_BEHIND, Severity.WAITING)).isFalse();
        assertThat(questions(ListOffsetsQuery.LATEST) - before).isBetween(8L, 11L);
    }

    @Test
    void recordsThatDoNotComeFromRemoteStorageAreNamed() {
        ModelLog log = world.log(A0, 1, 10);
        world.assign(A0);
        world.run(SECOND);
        long position = world.application.position(A0);
        log.append(5, 10, 0);
        world.cluster.offsetsFound.put(A0, new PartitionOffset(BrokerError.NONE, position + 30, -1, -1));
        world.link.editNextFetch(answer -> ModelAnswers.answer(
                answer.sessionId(), List.of(ModelAnswers.marks(world.cluster.key(A0), log.endOffset()))));
        world.link.editFetches(answer -> ModelAnswers.answer(answer.sessionId(), List.of()));

        runUntil(() -> isNamed(StallCause.REMOTE_TIER_SLOW, Severity.WAITING), 40);
        world.link.editFetches(answer -> answer.partitions().isEmpty()
                ? answer
                : ModelAnswers.answer(
                        answer.sessionId(), List.of(ModelAnswers.marks(world.cluster.key(A0), log.endOffset()))));
        runUntil(() -> isNamed(StallCause.REMOTE_TIER_SLOW, Severity.STALLED), 80);

        assertThat(questions(ListOffsetsQuery.EARLIEST_LOCAL)).isBetween(1L, 3L);
        assertThat(world.engine.guard().ladders().takeSteps())
                .extracting(RecoveryStep::action)
                .isSubsetOf(List.of(RecoveryStep.Action.VERIFY));
    }

    /** The log ends five offsets behind its last record: compaction has left nothing there. */
    private ModelLog endingInAGap() {
        ModelLog log = world.log(A0, 1, 10);
        world.assign(A0);
        world.runUntilConsumed(A0);
        log.emptyTail = 5;
        return log;
    }

    private FetchAnswer namedWithoutRecords(FetchAnswer answer, long end) {
        return ModelAnswers.answer(answer.sessionId(), List.of(ModelAnswers.marks(world.cluster.key(A0), end)));
    }

    @Test
    void aLogOfWhichNothingIsLeftBelowItsEndIsNotLost() {
        endingInAGap();

        runUntil(() -> isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE), 30);
        findings.clear();
        runUntil(() -> world.now > 200 * SECOND, 201);

        assertThat(findings).extracting(Finding::cause).containsOnly(StallCause.NOTHING_DELIVERABLE);
        assertThat(world.count(RemainingRecordsRequest.class)).isEqualTo(1);
        assertThat(questions(ListOffsetsQuery.EARLIEST_LOCAL)).isEqualTo(2);
        assertThat(world.engine.guard().ladders().takeSteps()).isEmpty();
    }

    @Test
    void whatIsInRemoteStorageIsNoGap() {
        ModelLog log = endingInAGap();
        world.cluster.offsetsFound.put(A0, new PartitionOffset(BrokerError.NONE, log.endOffset() - 2, -1, -1));

        runUntil(() -> isNamed(StallCause.REMOTE_TIER_SLOW, Severity.WAITING), 60);

        assertThat(isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE)).isFalse();
    }

    /** A session in which the broker names the partition without the records that its log has. */
    @Test
    void recordsThatOnlyTheSessionDoesNotSendAreNoGap() {
        ModelLog log = world.log(A0, 1, 10);
        world.assign(A0);
        world.runUntilConsumed(A0);
        log.append(5, 10, 0);
        world.link.editNextFetch(answer -> namedWithoutRecords(answer, log.endOffset()));
        world.link.editFetches(answer -> ModelAnswers.answer(answer.sessionId(), List.of()));

        runUntil(() -> isNamed(StallCause.PARTITION_LOST_FROM_SESSION, Severity.WAITING), 60);

        assertThat(world.count(RemainingRecordsRequest.class)).isPositive();
        assertThat(isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE)).isFalse();
    }

    @Test
    void anotherLeaderMayHaveWhatTheFormerHadNot() {
        ModelLog log = endingInAGap();
        runUntil(() -> isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE), 30);
        world.link.remaining = answer -> ModelAnswers.answer(0, List.of());
        findings.clear();
        log.moveTo(2);

        runUntil(() -> isNamed(StallCause.PARTITION_LOST_FROM_SESSION, Severity.STALLED), 60);

        assertThat(isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE)).isFalse();
    }

    @Test
    void whatIsMovedToRemoteStorageMeanwhileIsNoGap() {
        ModelLog log = endingInAGap();
        world.link.remaining = answer -> {
            world.cluster.offsetsFound.put(A0, new PartitionOffset(BrokerError.NONE, log.endOffset() - 2, -1, -1));
            return answer;
        };

        runUntil(() -> isNamed(StallCause.REMOTE_TIER_SLOW, Severity.WAITING), 60);

        assertThat(world.count(RemainingRecordsRequest.class)).isEqualTo(1);
        assertThat(isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE)).isFalse();
    }

    /** The leader has a record where its log ended when the session last named the partition. */
    @Test
    void aRecordThatFollowsTheGapIsOneThatTheSessionDoesNotSend() {
        ModelLog log = endingInAGap();
        long end = log.endOffset();
        ByteBuffer batch = ByteBuffer.allocate(100).putLong(0, end);
        world.link.remaining = answer -> ModelAnswers.answer(
                answer.sessionId(), List.of(ModelAnswers.records(world.cluster.key(A0), end + 1, batch)));

        runUntil(() -> isNamed(StallCause.PARTITION_LOST_FROM_SESSION, Severity.STALLED), 60);

        assertThat(world.count(RemainingRecordsRequest.class)).isPositive();
        assertThat(isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE)).isFalse();
    }

    private static boolean asks(Request<?> request, Kind kind) {
        return kind == Kind.RECORDS
                ? request instanceof RemainingRecordsRequest
                : request instanceof ListOffsetsRequest offsets
                        && offsets.query().partitions().values().stream()
                                .anyMatch(at -> at.timestamp() == ListOffsetsQuery.EARLIEST_LOCAL);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LOCAL_START", "RECORDS"})
    void aQuestionThatIsRefusedIsAskedAtTheNextLook(Kind kind) {
        endingInAGap();
        world.link.next(request -> asks(request, kind), ScriptedLink.Fate.REFUSED);

        runUntil(() -> isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE), 5);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LOCAL_START", "RECORDS"})
    void aQuestionThatIsNotAnsweredIsAskedAgain(Kind kind) {
        endingInAGap();
        world.link.next(request -> asks(request, kind), ScriptedLink.Fate.ANSWER_LOST);

        runUntil(() -> isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE), 5);
    }

    @Test
    void aLeaderThatDoesNotAnswerUsefullyIsAskedEverMoreRarely() {
        endingInAGap();
        world.link.remaining = answer -> ModelAnswers.answer(0, List.of());

        runUntil(() -> world.now > 55 * SECOND, 56);

        assertThat(world.count(RemainingRecordsRequest.class)).isBetween(3L, 7L);
    }

    @Test
    void aQuestionThatCannotBeAskedWaitsForItsBroker() {
        endingInAGap();
        world.link.controlStates.put(1, new Readiness.NotYet(Readiness.Cause.THROTTLED, Long.MAX_VALUE));
        world.run(5 * SECOND);
        assertThat(questions(ListOffsetsQuery.EARLIEST_LOCAL)).isZero();

        world.link.controlStates.clear();

        runUntil(() -> isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE), 2);
        assertThat(questions(ListOffsetsQuery.EARLIEST_LOCAL)).isEqualTo(2);
    }
}
