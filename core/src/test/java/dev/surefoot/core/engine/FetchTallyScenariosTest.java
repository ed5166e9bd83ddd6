package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.ScriptedLink.Fate;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.fetch.FetchTally;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted of fetches and their answers, compared with what went over the wire. */
class FetchTallyScenariosTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A1 = tp("a", 1);
    private static final TopicPartition A2 = tp("a", 2);
    /** The fixed-size part of a partition's entry in a request and in a response (Fetch v13). */
    private static final int REQUEST_ENTRY_BYTES = 33;

    private static final int RESPONSE_ENTRY_BYTES = 37;

    private final EngineWorld world = new EngineWorld(1);
    private long answeredPartitions;

    @BeforeEach
    void threePartitionsReadToTheirEnd() {
        world.log(A0, 1, 10);
        world.log(A1, 1, 10);
        world.log(A2, 1, 10);
        world.assign(A0, A1, A2);
        world.run(2 * SECOND);
        world.link.editFetches(answer -> {
            answeredPartitions += answer.partitions().size();
            return answer;
        });
    }

    private FetchTally tally() {
        return world.engine.tally();
    }

    private long contradictions() {
        return tally().mismatchedFetches();
    }

    /** The plans that were sent after so many fetches, but for the last one, which is outstanding. */
    private List<FetchPlan> answeredSince(int fetches) {
        return world.fetches(1).subList(fetches, world.fetches(1).size() - 1).stream()
                .map(FetchRequest::plan)
                .toList();
    }

    /** Lets time go by until no fetch is outstanding that was sent before, so that what is counted is what was sent. */
    private int settle() {
        world.pause(A0, A1, A2);
        world.run(SECOND);
        world.resume(A0, A1, A2);
        answeredPartitions = 0;
        return world.fetches(1).size();
    }

    /** What incremental exchanges of these plans left out, with three partitions wanted. */
    private long leftOut(List<FetchPlan> plans, int wanted) {
        long listed = plans.stream().mapToLong(plan -> plan.partitions().size()).sum();
        return REQUEST_ENTRY_BYTES * ((long) wanted * plans.size() - listed)
                + RESPONSE_ENTRY_BYTES * ((long) wanted * plans.size() - answeredPartitions);
    }

    @Test
    void nothingIsCountedBeforeAnythingHappens() {
        assertThat(new EngineWorld(1).engine.tally()).isEqualTo(FetchTally.NOTHING);
    }

    @Test
    void answeredFetchesAreCountedByKindWithTheirBytes() {
        world.pause(A0, A1, A2);
        world.run(SECOND);

        long fetches = world.fetches(1).size();
        assertThat(tally().sessionsOpened()).isEqualTo(1);
        assertThat(tally().fullFetches()).isEqualTo(1);
        assertThat(tally().incrementalFetches()).isEqualTo(fetches - 1).isPositive();
        assertThat(tally().requestBytes()).isEqualTo(fetches * ScriptedLink.REQUEST_BYTES);
        assertThat(tally().responseBytes()).isEqualTo(fetches * ScriptedLink.RESPONSE_BYTES);
        assertThat(tally().refusedFetches()).isZero();
        assertThat(tally().doubtedPartitions()).isZero();
        assertThat(tally().failedFetches()).isZero();
    }

    @Test
    void whatIncrementalFetchesLeftOutIsSaved() {
        int before = settle();
        long saved = tally().savedBytes();
        world.run(20 * EngineWorld.MILLI);
        world.cluster.log(A1).append(3, 10, 0);
        world.run(2 * SECOND);

        List<FetchPlan> plans = answeredSince(before);
        assertThat(plans).allSatisfy(plan -> assertThat(plan.kind()).isEqualTo(Kind.INCREMENTAL));
        assertThat(answeredPartitions).isPositive();
        assertThat(tally().savedBytes() - saved).isEqualTo(leftOut(plans, 3));
    }

    @Test
    void aPartitionThatIsPausedIsNotWantedAndSavesNothing() {
        settle();
        world.pause(A0, A1);
        world.run(2 * SECOND);
        long saved = tally().savedBytes();
        long counted = tally().incrementalFetches();

        world.run(5 * SECOND);

        long exchanges = tally().incrementalFetches() - counted;
        assertThat(exchanges).isPositive();
        assertThat(tally().savedBytes() - saved)
                .as("one partition left out of request and response each time")
                .isEqualTo(exchanges * (REQUEST_ENTRY_BYTES + RESPONSE_ENTRY_BYTES));
    }

    @Test
    void partitionsThatComeAndGoAreCountedOnce() {
        for (int i = 0; i < 3; i++) {
            world.pause(A0);
            world.run(2 * SECOND);
            world.resume(A0);
            world.run(2 * SECOND);
        }
        world.cluster.log(A0).append(1, 10, 0);
        world.run(2 * SECOND);
        long saved = tally().savedBytes();
        long counted = tally().incrementalFetches();

        world.run(5 * SECOND);

        assertThat(tally().savedBytes() - saved)
                .isEqualTo((tally().incrementalFetches() - counted) * 3 * (REQUEST_ENTRY_BYTES + RESPONSE_ENTRY_BYTES));
    }

    @Test
    void aFullFetchSavesNothing() {
        long saved = tally().savedBytes();
        settle();
        world.pause(A0, A1, A2);
        world.run(20 * SECOND);
        world.cluster.broker(1).evictAll();
        long full = tally().fullFetches();
        long savedBefore = tally().savedBytes();
        world.resume(A0, A1, A2);
        while (tally().fullFetches() == full) {
            world.cluster.broker(1).throttleNext();
            world.run(EngineWorld.MILLI);
        }

        assertThat(savedBefore).isGreaterThanOrEqualTo(saved);
        assertThat(tally().savedBytes()).isEqualTo(savedBefore);
    }

    @Test
    void aRefusedFetchSavesNothing() {
        world.link.editNextFetch(answer -> ModelAnswers.refused(BrokerError.FETCH_SESSION_ID_NOT_FOUND));
        long saved = 0;
        while (tally().refusedFetches() == 0) {
            saved = tally().savedBytes();
            world.run(EngineWorld.MILLI / 2);
        }

        assertThat(tally().savedBytes()).isEqualTo(saved);
    }

    @Test
    void aSessionThatTheBrokerHasEvictedIsARefusalAndAnotherSession() {
        world.cluster.broker(1).evictAll();
        world.run(2 * SECOND);

        assertThat(tally().refusedFetches()).isEqualTo(1);
        assertThat(tally().sessionsOpened()).isEqualTo(2);
        assertThat(tally().fullFetches()).isEqualTo(2);
    }

    @Test
    void anAnswerThatDoesNotFitTheSessionIsNeitherRefusedNorDoubted() {
        world.link.editNextFetch(answer -> ModelAnswers.answer(answer.sessionId() + 1, answer.partitions()));
        world.run(2 * SECOND);

        assertThat(contradictions()).isEqualTo(1);
        assertThat(tally().refusedFetches()).isZero();
        assertThat(tally().doubtedPartitions()).isZero();
        assertThat(world.application.events(EngineEvent.SessionDisturbed.class)).hasSize(1);
        assertThat(tally().sessionsOpened()).isEqualTo(2);
    }

    @Test
    void aRefusedFetchIsNoDoubt() {
        world.link.editNextFetch(answer -> ModelAnswers.refused(BrokerError.INVALID_FETCH_SESSION_EPOCH));
        world.run(2 * SECOND);

        assertThat(tally().refusedFetches()).isEqualTo(1);
        assertThat(contradictions()).isZero();
        assertThat(tally().doubtedPartitions()).isZero();
    }

    @Test
    void aLostAnswerIsAFailureWithoutBytes() {
        settle();
        long requestBytes = tally().traffic().requestBytes();
        long answered = tally().answered().full() + tally().answered().incremental();
        world.link.next(FetchRequest.class::isInstance, Fate.ANSWER_LOST);
        world.run(2 * SECOND);
        world.pause(A0, A1, A2);
        world.run(SECOND);

        assertThat(tally().failedFetches()).isEqualTo(1);
        assertThat(tally().requestBytes() - requestBytes)
                .isEqualTo(
                        (tally().fullFetches() + tally().incrementalFetches() - answered) * ScriptedLink.REQUEST_BYTES);
    }

    @Test
    void aPartitionWhoseDataIsNotBelievedIsDoubted() {
        long doubted = tally().doubtedPartitions();
        world.cluster.log(A0).servesLowBatches = true;
        world.cluster.log(A0).append(1, 10, 0);
        world.run(SECOND);

        assertThat(tally().doubtedPartitions()).isGreaterThan(doubted);
        assertThat(tally().refusedFetches()).isZero();
    }
}
