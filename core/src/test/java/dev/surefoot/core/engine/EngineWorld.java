package dev.surefoot.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.model.ModelCluster;
import dev.surefoot.core.model.ModelLog;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;

/** An engine, a model cluster, the wire between them and the application behind, in virtual time. */
final class EngineWorld {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    static final long AUDIT_NANOS = 60 * SECOND;
    /** So many turns without time going by are a spin. */
    private static final int TURNS_AT_ONCE_MAX = 20;

    final ModelCluster cluster;
    final ScriptedLink link;
    final ApplicationSide application = new ApplicationSide();
    final Engine engine;
    long now;
    long epochMillis = 1_000_000;
    int turns;
    /** Whether the application has records to read, so that nothing waits for a fetch. */
    boolean busy;

    EngineWorld(int brokers) {
        this(brokers, new ResetStrategy.Earliest(), 64 << 20);
    }

    EngineWorld(int brokers, ResetStrategy reset, long bufferBytes) {
        cluster = new ModelCluster(brokers);
        link = new ScriptedLink(cluster);
        EngineSettings settings = EngineSettings.builder()
                .reset(reset)
                .bufferBytes(bufferBytes)
                .fetchMaxBytes(8 << 20)
                .build();
        engine = new Engine(
                settings,
                EngineParts.of(nodeId -> new VerifiedFetchSession(
                        true, AUDIT_NANOS, new Backoff(100 * MILLI, SECOND, new SplittableRandom(nodeId)))),
                new SplittableRandom(7));
    }

    static TopicPartition tp(String topic, int partition) {
        return new TopicPartition(topic, partition);
    }

    /** Creates a partition that a broker leads, with so many batches of ten records. */
    ModelLog log(TopicPartition partition, int leader, int batches) {
        ModelLog log = cluster.create(partition, leader);
        log.append(batches, 10, 0);
        return log;
    }

    void assign(TopicPartition... partitions) {
        List<TopicPartition> wanted = List.of(partitions);
        for (TopicPartition old : application.generations().keySet()) {
            if (!wanted.contains(old)) {
                application.revoked(old);
            }
        }
        for (TopicPartition partition : wanted) {
            if (!application.generations().containsKey(partition)) {
                application.moved(partition);
            }
        }
        engine.assign(application.generations(), now);
    }

    void seek(TopicPartition partition, long offset) {
        engine.seek(partition, application.moved(partition, offset), FetchPosition.at(offset), now);
    }

    void seek(TopicPartition partition, ResetStrategy strategy) {
        engine.seek(partition, application.moved(partition), strategy, now);
    }

    void pause(TopicPartition... partitions) {
        engine.pause(List.of(partitions), true, now);
    }

    void resume(TopicPartition... partitions) {
        engine.pause(List.of(partitions), false, now);
    }

    /** One turn of the loop, at this moment. */
    void turn() {
        turns++;
        for (ScriptedLink.Outcome outcome : link.take(now)) {
            if (outcome.answer() != null) {
                engine.answered(outcome.request(), outcome.answer(), now);
            } else {
                engine.failed(outcome.request(), outcome.failure(), now);
            }
        }
        engine.dispatch(link, new Turn(now, epochMillis, link.heldBytes, !busy));
        for (EngineEvent event = engine.pollEvent(); event != null; event = engine.pollEvent()) {
            application.take(event);
        }
    }

    /** Lets this much time go by, turn by turn, each when the engine or the wire calls for it. */
    void run(long nanos) {
        long end = now + nanos;
        int atOnce = 0;
        turn();
        while (true) {
            long next = Math.min(engine.nextDeadlineNanos(), link.nextEvent(now));
            if (next > end) {
                break;
            }
            atOnce = next <= now ? atOnce + 1 : 0;
            assertThat(atOnce).as("turns without time going by, a spin").isLessThan(TURNS_AT_ONCE_MAX);
            epochMillis += Math.max(0, next - now) / MILLI;
            now = Math.max(now, next);
            turn();
        }
        epochMillis += (end - now) / MILLI;
        now = end;
    }

    /** Makes the engine ask for metadata once more, as soon as its back-off allows, and lets the answer come. */
    void refreshMetadata() {
        long question = Long.MAX_VALUE;
        engine.ask(new Question.Offsets(question, Map.of(tp("unheard-of", 0), -1L)));
        long asked = count(MetadataRequest.class);
        while (count(MetadataRequest.class) == asked) {
            run(10 * MILLI);
        }
        engine.cancelQuestion(question);
        run(10 * MILLI);
    }

    /** Runs until the application has all that the partition's log holds. */
    void runUntilConsumed(TopicPartition partition) {
        long end = now + 30 * SECOND;
        while (application.position(partition) != cluster.log(partition).endOffset()) {
            assertThat(now)
                    .as("%s stands at %d", partition, application.position(partition))
                    .isLessThan(end);
            run(10 * MILLI);
        }
    }

    List<FetchRequest> fetches(int nodeId) {
        List<FetchRequest> fetches = new ArrayList<>();
        for (Request<?> request : link.sent) {
            if (request instanceof FetchRequest fetch && fetch.nodeId() == nodeId) {
                fetches.add(fetch);
            }
        }
        return fetches;
    }

    FetchPlan lastPlan(int nodeId) {
        List<FetchRequest> fetches = fetches(nodeId);
        return fetches.get(fetches.size() - 1).plan();
    }

    /** So many requests of a kind were sent. */
    long count(Class<? extends Request<?>> kind) {
        return link.sent.stream().filter(kind::isInstance).count();
    }
}
