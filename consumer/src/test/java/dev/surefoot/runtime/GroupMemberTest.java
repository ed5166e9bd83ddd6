package dev.surefoot.runtime;

import static dev.surefoot.runtime.GroupWorld.FIRST;
import static dev.surefoot.runtime.GroupWorld.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.surefoot.core.group.Membership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.junit.jupiter.api.Test;

/** What the application may do within commit callbacks and listeners. */
class GroupMemberTest {
    private final List<String> told = new ArrayList<>();

    private static void commit(GroupWorld world, OffsetCommitCallback callback) {
        world.member.commits().commitAsync(new HashMap<>(Map.of(FIRST, new OffsetAndMetadata(4))), callback);
    }

    @Test
    void closingCallsEveryCallbackThoughOneThrows() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            commit(world, (offsets, failure) -> {
                throw new IllegalArgumentException("first");
            });
            commit(world, (offsets, failure) -> told.add("second"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> world.member.close(Membership.Departure.DEFAULT, SECONDS.toNanos()))
                    .withMessage("first");
            assertThat(told).containsExactly("second");
        }
    }

    @Test
    void closingWithinACommitCallbackEndsThePoll() {
        GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT);
        world.joined();
        commit(world, (offsets, failure) -> world.close());
        long beforeMs = world.clock.epochMillis();
        assertThatIllegalStateException()
                .isThrownBy(() -> world.runtime.polling().poll(SECONDS))
                .withMessageContaining("closed by its commit callback");
        assertThat(world.clock.epochMillis() - beforeMs).isLessThan(5000);
    }

    @Test
    void afterAPollWithinACommitCallbackTheApplicationIsStillInPoll() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.joined();
            commit(world, (offsets, failure) -> {
                told.add("called");
                world.runtime.polling().poll(Duration.ZERO);
            });
            world.runtime.polling().poll(Duration.ofSeconds(310));
            assertThat(told).containsExactly("called");
            assertThat(world.listener.told).containsExactly("assigned [0, 1]");
        }
    }

    @Test
    void partitionsAssignedWithinAListenerThatUnsubscribesAreReadAfterIt() {
        try (GroupWorld world = GroupWorld.eager(GroupOptions.DEFAULT)) {
            world.listener.atAssigned = () -> {
                world.member.unsubscribe();
                world.member.assign(List.of(FIRST));
            };
            world.joined();
            assertThat(world.listener.told).containsExactly("assigned [0, 1]", "revoked [0, 1]");
            assertThat(world.runtime.assignments().assignment()).containsExactly(FIRST);
        }
    }
}
