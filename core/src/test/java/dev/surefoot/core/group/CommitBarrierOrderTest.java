package dev.surefoot.core.group;

import static dev.surefoot.core.group.CommitWorld.A0;
import static dev.surefoot.core.group.CommitWorld.A1;
import static dev.surefoot.core.group.CommitWorld.MILLI;
import static dev.surefoot.core.group.CommitWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the application says waits for its commits of before, in order, and not without an end. */
class CommitBarrierOrderTest extends CommitScript {
    /** A rebalance may take 40 s, and an answer 30 s. */
    private static final GroupSettings.Timing TIMING =
            new GroupSettings.Timing(45_000, 3_000, 40_000, 30 * SECOND, 100 * MILLI, SECOND);

    private final List<String> said = new ArrayList<>();
    private CommitBarrier barrier = new CommitBarrier(TIMING, world.commits);

    @BeforeEach
    void hasSettledACommitBefore() {
        barrier = new CommitBarrier(TIMING, world.commits);
        sync(Map.of(A0, 1L));
        world.turn();
        store();
        assertThat(world.commits.allSettled()).isTrue();
    }

    private LongConsumer word(String word) {
        return nanos -> {
            assertThat(nanos).as("the time at which it is passed on").isEqualTo(world.now);
            said.add(word);
        };
    }

    private void release(String word) {
        barrier.release(word(word), world.now);
    }

    private void leave(boolean ownsPartitions, long timeoutNanos) {
        barrier.leave(ownsPartitions, timeoutNanos, word("leave"), world.now);
    }

    private void subscribe() {
        barrier.subscribe(word("subscribe"), world.now);
    }

    private void pass(long nanos) {
        world.now += nanos;
        barrier.pass(world.now);
    }

    private long deadline() {
        Deadlines deadlines = new Deadlines();
        barrier.enterDeadlines(deadlines);
        return deadlines.earliestNanos();
    }

    @Test
    void nothingWaitsWithoutACommit() {
        release("released");
        leave(false, SECOND);
        subscribe();

        assertThat(said).containsExactly("released", "leave", "subscribe");
        assertThat(barrier.isOpen()).isTrue();
        assertThat(deadline()).isEqualTo(Deadline.NEVER);
    }

    @Test
    void whatIsGivenUpInARebalanceWaitsUntilTheCommitsAreOnTheWire() {
        world.notReady();
        sync(Map.of(A0, 5L));
        world.turn();
        release("released");
        barrier.pass(world.now);
        assertThat(said).isEmpty();
        assertThat(barrier.isOpen()).isFalse();

        world.ready();
        world.turn();
        barrier.pass(world.now);
        assertThat(said).as("before the answer").containsExactly("released");
        assertThat(barrier.isOpen()).isTrue();
        release("more");
        assertThat(said).as("nothing is left to send").containsExactly("released", "more");
    }

    @Test
    void aRebalanceIsHeldUpForAQuarterOfItsTimeAtMost() {
        world.notReady();
        sync(Map.of(A0, 5L));
        world.turn();
        release("released");
        assertThat(deadline()).isEqualTo(world.now + 10 * SECOND);
        pass(10 * SECOND - 1);
        assertThat(said).isEmpty();
        pass(1);
        assertThat(said).containsExactly("released");
        assertThat(deadline()).isEqualTo(Deadline.NEVER);
    }

    @Test
    void whoOwnsNothingLeavesWhenItsCommitsAreSettled() {
        sync(Map.of(A0, 5L));
        world.turn();
        leave(false, 100 * SECOND);
        barrier.pass(world.now);
        assertThat(said).as("on the wire is not enough").isEmpty();
        sync(Map.of(A1, 6L));
        store();
        barrier.pass(world.now);
        assertThat(said).as("later commits are not waited for").containsExactly("leave");
    }

    @Test
    void commitsHaveThreeQuartersOfTheTimeInWhichTheApplicationLeaves() {
        sync(Map.of(A0, 5L));
        world.turn();
        leave(false, 8 * SECOND);
        assertThat(deadline()).isEqualTo(world.now + 6 * SECOND);
        pass(6 * SECOND);
        assertThat(said).containsExactly("leave");

        leave(false, 100 * SECOND);
        assertThat(deadline()).as("of the time of a request").isEqualTo(world.now + 22_500 * MILLI);
    }

    @Test
    void whoOwnsPartitionsIsAskedForThemAtOnceAndTheirReleaseWaits() {
        sync(Map.of(A0, 5L));
        world.turn();
        leave(true, 8 * SECOND);
        assertThat(said).containsExactly("leave");
        world.now += SECOND;
        release("released");
        assertThat(said).containsExactly("leave");
        assertThat(deadline()).as("counted from the leave").isEqualTo(world.now + 5 * SECOND);
        store();
        barrier.pass(world.now);
        assertThat(said).containsExactly("leave", "released");
    }

    @Test
    void aSubscriptionGoesBehindTheLeaveBeforeIt() {
        sync(Map.of(A0, 5L));
        world.turn();
        leave(false, 100 * SECOND);
        subscribe();
        assertThat(said).isEmpty();
        store();
        barrier.pass(world.now);
        assertThat(said).containsExactly("leave", "subscribe");
    }

    @Test
    void aReleaseAfterASubscriptionBelongsToNoLeave() {
        leave(true, 8 * SECOND);
        subscribe();
        sync(Map.of(A0, 5L));
        world.turn();
        release("released");
        assertThat(said).as("its commit is on the wire").containsExactly("leave", "subscribe", "released");
    }

    @Test
    void aWordThatWaitsNoLongerTakesThoseBeforeItAlong() {
        world.notReady();
        sync(Map.of(A0, 5L));
        world.turn();
        release("released");
        leave(false, 4 * SECOND);
        pass(3 * SECOND - 1);
        assertThat(said).isEmpty();
        pass(1);
        assertThat(said).containsExactly("released", "leave");
    }

    @Test
    void whatNobodyInTheGroupCommitsIsNotWaitedFor() {
        world.notReady();
        commit(Commit.Kind.SYNC, null, Map.of(A0, 5L));
        world.turn();
        release("released");
        leave(false, SECOND);
        assertThat(said).containsExactly("released", "leave");
    }

    @Test
    void severalCommitsAreWaitedForOneByOne() {
        sync(Map.of(A0, 5L));
        sync(Map.of(A1, 6L));
        world.turn();
        leave(false, 100 * SECOND);
        store();
        barrier.pass(world.now);
        assertThat(said).isEmpty();
        store();
        barrier.pass(world.now);
        assertThat(said).containsExactly("leave");
    }

    @Test
    void atTheEndEachCommitWithoutAnAnswerFails() {
        long onWire = sync(Map.of(A0, 5L));
        world.turn();
        long waits = sync(Map.of(A1, 5L));
        world.commits.endAll();
        assertThat(world.commits.allSettled()).isTrue();
        assertThat(world.outcome(onWire))
                .isInstanceOf(CommitFailedException.class)
                .hasMessageContaining("before the coordinator has answered");
        assertThat(world.outcome(waits)).isInstanceOf(CommitFailedException.class);

        world.coordinator.forget(world.coordinator.instance(), "gone");
        long alone = sync(Map.of(A0, 6L));
        world.commits.endAll();
        assertThat(world.outcome(alone)).hasMessageContaining("Coordinator unknown");
    }
}
