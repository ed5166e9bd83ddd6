package dev.surefoot.testkit.simulation.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.FetchTarget;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets a slot, and who loses one, as Kafka decides it. */
class SessionCacheTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int SLOTS = 2;

    private final ModelCluster cluster = cluster(SLOTS, SessionCache.Ids.RANDOM);
    private long nowNanos;

    @Test
    void idsArePositiveAndDiffer() {
        assertThat(open(1)).isPositive().isNotEqualTo(open(1));
    }

    @Test
    void sequentialIdsBeginAgainAfterARestart() {
        ModelCluster sequential = cluster(SLOTS, SessionCache.Ids.SEQUENTIAL);
        FetchPlan full = plan(0, 0, 1);
        assertThat(ask(sequential, full).sessionId()).isEqualTo(1);
        assertThat(ask(sequential, full).sessionId()).isEqualTo(2);
        sequential.crash(1);
        sequential.restart(1);
        assertThat(ask(sequential, full).sessionId()).isEqualTo(1);
    }

    @Test
    void withoutAFreeSlotTheAnswerIsGoodButGrantsNoSession() {
        open(1);
        open(1);
        FetchAnswer answer = ask(cluster, plan(0, 0, 5));
        assertThat(answer.sessionId()).isZero();
        assertThat(answer.partitions()).hasSize(5);
    }

    @Test
    void aYoungSessionIsNotEvictedByALargerOne() {
        open(1);
        open(1);
        nowNanos += 119 * SECOND;
        assertThat(open(8)).isZero();
    }

    @Test
    void theLeastRecentlyUsedSessionLeavesOnceItHasBeenIdleForLong() {
        int idle = open(6);
        nowNanos += SECOND;
        int used = open(1);
        nowNanos += 120 * SECOND;
        assertThat(open(1)).isPositive();
        assertThat(alive(idle)).isFalse();
        assertThat(alive(used)).isTrue();
    }

    @Test
    void anOldSessionIsEvictedByALargerOneOnly() {
        int small = open(2);
        int large = open(4);
        nowNanos += 121 * SECOND;
        use(small, 1);
        use(large, 1);
        assertThat(open(2)).as("of the same size").isZero();
        assertThat(open(3)).as("larger").isPositive();
        assertThat(alive(small)).isFalse();
        assertThat(alive(large)).isTrue();
    }

    @Test
    void howOldASessionIsGoesByItsLastUse() {
        int first = open(2);
        int second = open(4);
        nowNanos += 100 * SECOND;
        use(first, 1);
        use(second, 1);
        nowNanos += 100 * SECOND;
        assertThat(open(8)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyRandomCourseGoesAsItDoesInKafka(long seed) {
        new SessionCacheTwins(seed).run(600);
    }

    private int open(int partitions) {
        return ask(cluster, plan(0, 0, partitions)).sessionId();
    }

    private void use(int session, int epoch) {
        assertThat(ask(cluster, plan(session, epoch, 0)).sessionId()).isEqualTo(session);
    }

    private boolean alive(int session) {
        return cluster.broker(1).sessions().get(session) != null;
    }

    private FetchAnswer ask(ModelCluster asked, FetchPlan plan) {
        return asked.broker(1).fetch(plan, new FetchTerms(1, false), nowNanos).answer(true, nowNanos);
    }

    private static ModelCluster cluster(int slots, SessionCache.Ids ids) {
        ModelCluster cluster = new ModelCluster(1, ids, slots, 1, new SplittableRandom(1));
        cluster.create("t", 10);
        return cluster;
    }

    private static FetchPlan plan(int session, int epoch, int partitions) {
        Map<TopicIdPartition, FetchTarget> targets = new LinkedHashMap<>();
        for (int i = 0; i < partitions; i++) {
            targets.put(
                    new TopicIdPartition(Uuid.ZERO_UUID, new TopicPartition("t", i)), new FetchTarget(0, -1, -1, 1));
        }
        return new FetchPlan(
                epoch == 0 ? Kind.FULL : Kind.INCREMENTAL, session, epoch, false, targets, List.of(), true);
    }
}
