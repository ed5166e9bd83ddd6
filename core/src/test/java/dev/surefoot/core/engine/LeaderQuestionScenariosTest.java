package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.guard.Finding;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ListOffsetsAnswer.PartitionOffset;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.progress.RecoveryStep;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The causes for which the guard asks leaders: a follower that is behind, and records in remote storage. */
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

    /** The next record is in remote storage, and does not come. */
    private ModelLog waitingForRemoteStorage() {
        ModelLog log = world.log(A0, 1, 10);
        world.assign(A0);
        world.run(SECOND);
        long position = world.application.position(A0);
        log.append(5, 10, 0);
        world.cluster.offsetsFound.put(A0, new PartitionOffset(BrokerError.NONE, position + 30, -1, -1));
        world.link.editNextFetch(answer -> ModelAnswers.answer(
                answer.sessionId(), List.of(ModelAnswers.marks(world.cluster.key(A0), log.endOffset()))));
        world.link.editFetches(answer -> ModelAnswers.answer(answer.sessionId(), List.of()));
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
        ModelLog log = waitingForRemoteStorage();

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

    @Test
    void aQuestionThatIsRefusedIsAskedAtTheNextLook() {
        waitingForRemoteStorage();
        for (int i = 0; i < 2; i++) {
            world.link.next(
                    request -> request instanceof ListOffsetsRequest asked
                            && asked.query().partitions().values().stream()
                                    .anyMatch(each -> each.timestamp() == ListOffsetsQuery.EARLIEST_LOCAL),
                    ScriptedLink.Fate.REFUSED);
        }

        runUntil(() -> isNamed(StallCause.REMOTE_TIER_SLOW, Severity.WAITING), 40);
    }
}
