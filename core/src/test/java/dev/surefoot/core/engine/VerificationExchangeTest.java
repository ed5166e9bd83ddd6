package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.EngineWorld.MILLI;
import static dev.surefoot.core.engine.EngineWorld.SECOND;
import static dev.surefoot.core.engine.EngineWorld.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.guard.Wish;
import dev.surefoot.core.model.ModelLog;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The guard's questions for the ends of logs: to whom they go, how often, and what comes of the answers. */
class VerificationExchangeTest {
    private static final TopicPartition A0 = tp("a", 0);
    private static final TopicPartition A1 = tp("a", 1);

    private static final long AT_ONCE = 100 * MILLI;

    private final EngineWorld world = new EngineWorld(2);

    private void ask(TopicPartition... partitions) {
        world.engine.recovery().carryOut(new Wish(Wish.Kind.VERIFY, 1, List.of(partitions)), world.link, world.now);
    }

    private List<ListOffsetsRequest> questions(int from) {
        List<ListOffsetsRequest> asked = new ArrayList<>();
        for (Request<?> request : world.link.sent) {
            if (request instanceof ListOffsetsRequest offsets) {
                asked.add(offsets);
            }
        }
        return asked.subList(from, asked.size());
    }

    private long endTold(TopicPartition partition) {
        world.run(2 * SECOND);
        return world.engine.guard().takeFindings().stream()
                .filter(finding -> finding.partition().equals(partition))
                .mapToLong(finding -> finding.watermarks().highWatermark())
                .max()
                .orElse(-1);
    }

    /** A partition whose broker goes on saying that there is nothing new. */
    private ModelLog silentLog() {
        ModelLog log = world.log(A0, 1, 10);
        world.log(A1, 2, 10);
        world.assign(A0, A1);
        world.runUntilConsumed(A0);
        world.runUntilConsumed(A1);
        world.run(SECOND);
        log.frozenAt = 1;
        log.append(5, 10, 0);
        world.run(2 * SECOND);
        world.engine.guard().takeFindings();
        return log;
    }

    @Test
    void eachLeaderIsAskedOnceForItsPartitions() {
        silentLog();
        int before = questions(0).size();

        ask(A0, A1, tp("unassigned", 0));
        world.run(AT_ONCE); // before the guard, which is told now, asks by itself

        List<ListOffsetsRequest> asked = questions(before);
        assertThat(asked).extracting(ListOffsetsRequest::nodeId).containsExactlyInAnyOrder(1, 2);
        assertThat(asked.stream().flatMap(each -> each.query().partitions().keySet().stream()))
                .containsExactlyInAnyOrder(A0, A1);
    }

    @Test
    void theAnswerTellsTheGuardWhereTheLogEnds() {
        ModelLog log = silentLog();
        assertThat(endTold(A0)).isLessThan(log.endOffset());

        ask(A0);

        assertThat(endTold(A0)).isEqualTo(log.endOffset());
    }

    @Test
    void aQuestionThatIsLostTellsNothingAndIsNotAskedAgain() {
        ModelLog log = silentLog();
        int before = questions(0).size();
        world.link.next(request -> request instanceof ListOffsetsRequest, ScriptedLink.Fate.REQUEST_LOST);

        ask(A0);

        assertThat(endTold(A0)).isLessThan(log.endOffset());
        world.run(10 * SECOND);
        assertThat(questions(before)).hasSize(1);
    }

    @Test
    void anAnswerToAnEarlierPositionTellsNothing() {
        ModelLog log = silentLog();
        world.link.next(request -> request instanceof ListOffsetsRequest, ScriptedLink.Fate.HELD);
        ask(A0);
        world.run(SECOND);

        world.seek(A0, 0);
        world.link.letGo(world.now);

        assertThat(endTold(A0)).isLessThan(log.endOffset());
    }

    @Test
    void aQuestionWaitsForAConnection() {
        ModelLog log = silentLog();
        int before = questions(0).size();
        world.link.connecting(1);
        ask(A0);
        world.run(SECOND);
        assertThat(questions(before)).isEmpty();

        world.link.up(1);
        world.run(AT_ONCE);

        assertThat(questions(before)).hasSize(1);
        assertThat(endTold(A0)).isEqualTo(log.endOffset());
    }

    @Test
    void aRequestHasABoundedNumberOfPartitions() {
        TopicPartition[] many = new TopicPartition[VerificationExchange.PARTITIONS_MAX + 1];
        for (int i = 0; i < many.length; i++) {
            many[i] = tp("a", i);
            world.log(many[i], 1, 0);
        }
        world.assign(many);
        world.run(5 * SECOND);
        int before = questions(0).size();

        ask(many);
        world.run(5 * SECOND);

        assertThat(questions(before))
                .extracting(each -> each.query().partitions().size())
                .containsExactly(VerificationExchange.PARTITIONS_MAX, 1);
    }
}
