package dev.surefoot.runtime;

import static dev.surefoot.runtime.GroupWorld.FIRST;
import static dev.surefoot.runtime.RebalancesTest.AUTO_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** What the application is told, and what is waited for, when a member is closed. */
class RebalancesAtCloseTest {
    /** A member that has something to commit, and whose commit and leave are not answered. */
    private static GroupWorld withoutAnswers() {
        GroupWorld world = GroupWorld.eager(AUTO_COMMIT);
        world.joined();
        world.read(2, FIRST);
        world.commit = null;
        world.silence(LeaveGroupRequest.class);
        return world;
    }

    @Test
    void closingTellsTheListenerOnceAndLeaves() {
        GroupWorld world = GroupWorld.eager(AUTO_COMMIT);
        world.joined();
        world.read(2, FIRST);
        world.close();
        assertThat(world.listener.told).containsExactly("assigned [0, 1]", "revoked [0, 1]");
        assertThat(world.offsets).containsEntry(FIRST, 2L);
        assertThat(world.count(LeaveGroupRequest.class)).isEqualTo(1);
    }

    @Test
    void closingTellsOfCommitsThatWereNotSettled() {
        GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT);
        world.joined();
        List<Exception> failures = new ArrayList<>();
        world.commit = null;
        world.member
                .commits()
                .commitAsync(Map.of(FIRST, new OffsetAndMetadata(1)), (offsets, failure) -> failures.add(failure));
        world.close();
        assertThat(failures).singleElement().isInstanceOf(CommitFailedException.class);
    }

    @Test
    void closingWithoutACoordinatorTellsThatThereIsNone() {
        GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT);
        world.silence(FindCoordinatorRequest.class);
        world.runtime.assignments().assign(List.of(FIRST));
        List<Exception> failures = new ArrayList<>();
        world.member
                .commits()
                .commitAsync(Map.of(FIRST, new OffsetAndMetadata(1)), (offsets, failure) -> failures.add(failure));
        world.close();
        assertThat(failures)
                .singleElement()
                .isInstanceOf(CommitFailedException.class)
                .satisfies(failure -> assertThat(failure)
                        .hasMessage("Failed to commit offsets: Coordinator unknown and consumer is closing"));
    }

    /** However long the application would wait. */
    @Test
    void closingWaitsForACoordinatorForTheTimeOfARequestAtMost() {
        GroupWorld world = withoutAnswers();
        long beforeMs = world.clock.epochMillis();
        world.runtime.close(Duration.ofDays(1));
        assertThat(world.clock.epochMillis() - beforeMs).isLessThan(35_000);
    }

    @Test
    void closingWaitsForACoordinatorNoLongerThanItMay() {
        GroupWorld world = withoutAnswers();
        long beforeMs = world.clock.epochMillis();
        world.close();
        assertThat(world.clock.epochMillis() - beforeMs).isBetween(1000L, 4000L);
        assertThat(world.listener.told).containsExactly("assigned [0, 1]", "revoked [0, 1]");
    }
}
