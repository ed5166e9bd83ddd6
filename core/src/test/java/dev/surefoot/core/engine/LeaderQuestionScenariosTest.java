package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.RemainingRecordsExchange.RemainingRecordsRequest;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.guard.Finding;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ListOffsetsAnswer.PartitionOffset;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        long end = log.endOffset() + 5;
        world.cluster.offsetsFound.put(A0, new PartitionOffset(BrokerError.NONE, 0, -1, -1));
        world.link.editNextFetch(answer -> namedWithoutRecords(answer, end));
        world.link.remaining = answer -> namedWithoutRecords(answer, end);
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
        // Until the audit of the session, which the model answers by its own log.
        runUntil(() -> world.now > 50 * SECOND, 51);

        assertThat(findings).extracting(Finding::cause).containsOnly(StallCause.NOTHING_DELIVERABLE);
        assertThat(world.count(RemainingRecordsRequest.class)).isEqualTo(1);
        assertThat(questions(ListOffsetsQuery.EARLIEST_LOCAL)).isEqualTo(1);
        assertThat(world.engine.guard().ladders().takeSteps()).isEmpty();
    }

    @Test
    void whatIsInRemoteStorageIsNoGap() {
        ModelLog log = endingInAGap();
        world.cluster.offsetsFound.put(A0, new PartitionOffset(BrokerError.NONE, log.endOffset() + 3, -1, -1));

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
        log.leader = 2;
        log.epoch++;
        world.link.remaining = answer -> ModelAnswers.answer(0, List.of());
        findings.clear();
        runUntil(() -> isNamed(StallCause.CAUGHT_UP, Severity.FINE), 30);
        world.link.editNextFetch(answer -> namedWithoutRecords(answer, log.endOffset() + 5));

        runUntil(() -> isNamed(StallCause.PARTITION_LOST_FROM_SESSION, Severity.WAITING), 30);

        assertThat(isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(classes = {ListOffsetsRequest.class, RemainingRecordsRequest.class})
    void aQuestionThatIsRefusedIsAskedAtTheNextLook(Class<?> question) {
        endingInAGap();
        world.link.next(question::isInstance, ScriptedLink.Fate.REFUSED);

        runUntil(() -> isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE), 10);
    }

    @ParameterizedTest
    @ValueSource(classes = {ListOffsetsRequest.class, RemainingRecordsRequest.class})
    void aQuestionThatIsNotAnsweredIsAskedAtTheNextLook(Class<?> question) {
        endingInAGap();
        world.link.next(question::isInstance, ScriptedLink.Fate.ANSWER_LOST);

        runUntil(() -> isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE), 10);
    }

    @Test
    void aQuestionThatCannotBeAskedIsAskedAtTheNextLook() {
        endingInAGap();
        world.runUntilConsumed(A0);
        world.link.states().put(1, new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE));
        world.run(5 * SECOND);
        assertThat(questions(ListOffsetsQuery.EARLIEST_LOCAL)).isZero();
        assertThat(world.count(RemainingRecordsRequest.class)).isZero();

        world.link.up(1);

        runUntil(() -> isNamed(StallCause.NOTHING_DELIVERABLE, Severity.FINE), 5);
    }
}
