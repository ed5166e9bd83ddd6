package dev.surefoot.runtime;

import static dev.surefoot.runtime.GroupWorld.FIRST;
import static dev.surefoot.runtime.GroupWorld.SECOND;
import static dev.surefoot.runtime.GroupWorld.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The application's commits: when they return, what they throw, and when their callbacks run. */
class GroupCommitsTest {
    private final GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT);
    private final GroupCommits commits = world.member.commits();
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void close() {
        world.close();
    }

    private static Map<TopicPartition, OffsetAndMetadata> at(long offset) {
        return new HashMap<>(Map.of(FIRST, new OffsetAndMetadata(offset)));
    }

    private OffsetCommitCallback tells(String name) {
        return (offsets, failure) ->
                told.add(name + (failure == null ? "" : " " + failure.getClass().getSimpleName()));
    }

    @Test
    void positionsOfAllPartitionsThatHaveOneAreConsumed() {
        world.offsets.put(SECOND, 5L);
        world.joined();
        world.read(3, FIRST);
        assertThat(commits.consumed())
                .isEqualTo(Map.of(
                        FIRST,
                        new OffsetAndMetadata(3, java.util.Optional.of(0), ""),
                        SECOND,
                        new OffsetAndMetadata(5)));
    }

    @Test
    void aPartitionWithoutAPositionIsLeftOut() {
        world.committed = BrokerError.UNSTABLE_OFFSET_COMMIT;
        world.joined();
        assertThat(commits.consumed()).isEmpty();
    }

    @Test
    void aCommitReturnsWhenItIsStored() {
        world.joined();
        commits.commitSync(at(4), SECONDS);
        assertThat(world.offsets).containsEntry(FIRST, 4L);
        assertThat(commits.allSettled()).isTrue();
    }

    @Test
    void aRefusalIsThrown() {
        world.joined();
        world.commit = BrokerError.OFFSET_METADATA_TOO_LARGE;
        assertThatExceptionOfType(OffsetMetadataTooLarge.class).isThrownBy(() -> commits.commitSync(at(4), SECONDS));
    }

    @Test
    void aCommitThatIsNotAnsweredTimesOut() {
        world.joined();
        world.commit = null;
        long beforeMs = world.clock.epochMillis();
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> commits.commitSync(at(4), SECONDS));
        assertThat(world.clock.epochMillis() - beforeMs).isBetween(10_000L, 12_000L);
    }

    @Test
    void aPassingErrorIsRetriedUntilTheTimeIsOver() {
        world.joined();
        world.commit = BrokerError.COORDINATOR_LOAD_IN_PROGRESS;
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> commits.commitSync(at(4), Duration.ofSeconds(3)));
        assertThat(world.count(OffsetCommitRequest.class)).isBetween(3L, 20L);
    }

    @Test
    void aWakeupEndsTheWaitAndTheCommitIsNotTriedAgain() {
        world.joined();
        world.commit = BrokerError.COORDINATOR_LOAD_IN_PROGRESS;
        world.runtime.wakeup();
        assertThatExceptionOfType(WakeupException.class).isThrownBy(() -> commits.commitSync(at(4), SECONDS));
        world.turnFor(100);
        long sent = world.count(OffsetCommitRequest.class);
        world.turnFor(5000);
        assertThat(world.count(OffsetCommitRequest.class)).isEqualTo(sent);
        assertThat(commits.allSettled()).isTrue();
    }

    @Test
    void callbacksRunInTheOrderOfTheirCommitsBeforeALaterOneReturns() {
        world.joined();
        commits.commitAsync(at(1), tells("first"));
        commits.commitAsync(at(2), tells("second"));
        assertThat(told).isEmpty();
        commits.commitSync(at(3), SECONDS);
        assertThat(told).containsExactly("first", "second");
    }

    @Test
    void callbacksRunBeforeALaterOneFails() {
        world.joined();
        commits.commitAsync(at(1), tells("first"));
        world.turn();
        world.commit = BrokerError.OFFSET_METADATA_TOO_LARGE;
        assertThatExceptionOfType(OffsetMetadataTooLarge.class).isThrownBy(() -> commits.commitSync(at(3), SECONDS));
        assertThat(told).containsExactly("first");
    }

    @Test
    void aCallbackRunsInPoll() {
        world.joined();
        commits.commitAsync(at(1), tells("first"));
        world.turnFor(1000);
        assertThat(told).isEmpty();
        world.poll(0);
        assertThat(told).containsExactly("first");
    }

    @Test
    void whatACallbackCommitsIsToldLater() {
        world.joined();
        commits.commitAsync(at(1), (offsets, failure) -> {
            told.add("first");
            commits.commitAsync(at(2), tells("second"));
        });
        world.turn();
        world.poll(0);
        assertThat(told).containsExactly("first");
        world.turn();
        world.poll(0);
        assertThat(told).containsExactly("first", "second");
    }

    @Test
    void whatACallbackThrowsLeavesThePollAndTheNextCallbackRuns() {
        world.joined();
        commits.commitAsync(at(1), (offsets, failure) -> {
            throw new IllegalArgumentException("thrown by a callback");
        });
        commits.commitAsync(at(2), tells("second"));
        world.turn();
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> world.poll(0));
        world.poll(0);
        assertThat(told).containsExactly("second");
    }

    @Test
    void anAsynchronousCommitIsNotRetried() {
        world.joined();
        world.commit = BrokerError.COORDINATOR_LOAD_IN_PROGRESS;
        commits.commitAsync(at(1), tells("failed"));
        world.turnFor(2000);
        world.poll(0);
        assertThat(world.count(OffsetCommitRequest.class)).isEqualTo(1);
        assertThat(told).containsExactly("failed " + RetriableCommitFailedException.class.getSimpleName());
    }

    @Test
    void aCommitOfNothingIsSettledInOrderWithoutARequest() {
        world.joined();
        commits.commitAsync(at(1), tells("first"));
        commits.commitAsync(Map.of(), tells("nothing"));
        commits.commitSync(Map.of(), SECONDS);
        assertThat(told).containsExactly("first", "nothing");
        assertThat(world.count(OffsetCommitRequest.class)).isEqualTo(1);
    }

    @Test
    void whoIsNoMemberCannotCommit() {
        world.member.subscribe(List.of("t"), world.listener);
        assertThatExceptionOfType(CommitFailedException.class).isThrownBy(() -> commits.commitSync(at(1), SECONDS));
        assertThat(world.count(OffsetCommitRequest.class)).isZero();
    }

    /** The application has not heard of its loss, and must not commit under the next membership. */
    @Test
    void whoHasNotHeardOfItsLossCannotCommit() {
        world.joined();
        world.heartbeat = BrokerError.UNKNOWN_MEMBER_ID;
        world.turnFor(4000);
        assertThatExceptionOfType(CommitFailedException.class).isThrownBy(() -> commits.commitSync(at(1), SECONDS));
        assertThat(world.count(OffsetCommitRequest.class)).isZero();
    }

    @Test
    void aCommitWhileTheGroupRebalancesIsRefusedWithoutWaiting() {
        world.joined();
        world.heartbeat = BrokerError.REBALANCE_IN_PROGRESS;
        world.silence(JoinGroupRequest.class);
        world.turnFor(4000);
        world.poll(10);
        assertThatExceptionOfType(RebalanceInProgressException.class)
                .isThrownBy(() -> commits.commitSync(at(1), SECONDS));
    }

    @Test
    void whoChoosesItsPartitionsCommitsAsNoMember() {
        world.runtime.assignments().assign(List.of(FIRST));
        commits.commitSync(at(4), SECONDS);
        OffsetCommitRequest request = world.transport.lastSent(OffsetCommitRequest.class);
        assertThat(request.identity().memberId()).isEmpty();
        assertThat(request.identity().epoch()).isEqualTo(-1);
    }

    @Test
    void partitionsWithoutACommittedOffsetHaveNone() {
        world.offsets.remove(SECOND);
        world.offsets.put(FIRST, 9L);
        Map<TopicPartition, OffsetAndMetadata> committed = commits.committed(Set.of(FIRST, SECOND), SECONDS);
        assertThat(committed).containsOnlyKeys(FIRST, SECOND);
        assertThat(committed.get(FIRST).offset()).isEqualTo(9);
        assertThat(committed.get(SECOND)).isNull();
        assertThat(commits.committed(Set.of(), SECONDS)).isEmpty();
    }

    @Test
    void aQuestionThatIsNotAnsweredTimesOut() {
        world.silence(OffsetFetchRequest.class);
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> commits.committed(Set.of(FIRST), SECONDS))
                .withMessageContaining("committed offset");
    }
}
