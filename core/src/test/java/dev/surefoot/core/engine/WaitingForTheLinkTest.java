package dev.surefoot.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * While a connection is being made there is nothing for the engine to do, and its deadline must not make the loop spin.
 */
class WaitingForTheLinkTest {
    private static final long NOW = 5_000_000_000L;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Engine engine = new Engine(
            EngineSettings.builder().reset(new ResetStrategy.Earliest()).build(),
            EngineParts.of(nodeId -> new VerifiedFetchSession(true, 60_000_000_000L, new Backoff(1, 1, random))),
            random);

    @Test
    void metadataThatWaitsForAConnectionIsNoDeadline() {
        engine.assign(Map.of(new TopicPartition("t", 0), 1L), NOW);
        engine.dispatch(new Connecting(), new Turn(NOW, 0, 0, true));
        assertThat(engine.nextDeadlineNanos()).isGreaterThan(NOW);
    }

    @Test
    void aQuestionThatWaitsForAConnectionIsNoDeadline() {
        engine.ask(new Question.Topics(1, null, false));
        engine.ask(new Question.Offsets(2, Map.of(new TopicPartition("t", 0), -1L)));
        engine.dispatch(new Connecting(), new Turn(NOW, 0, 0, true));
        assertThat(engine.nextDeadlineNanos()).isGreaterThan(NOW);
    }

    private static final class Connecting implements BrokerLink {
        @Override
        public List<Integer> bootstrapIds() {
            return List.of(-1);
        }

        @Override
        public Readiness readiness(int nodeId, Purpose purpose, long nowNanos) {
            return new Readiness.NotYet(Readiness.Cause.CONNECTING, Long.MAX_VALUE);
        }

        @Override
        public boolean send(Request<?> request, long nowNanos) {
            throw new IllegalStateException("sent to a broker that is not ready");
        }
    }
}
