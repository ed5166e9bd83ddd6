package dev.surefoot.runtime;

import static dev.surefoot.runtime.GroupWorld.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloseInTimeTest {
    /** The loop of this world turns for a second at most, so that the end is not to the millisecond. */
    @Test
    void closingAtOnceWaitsForNoCommitOfARevocation() {
        GroupWorld world = GroupWorld.eager(new GroupOptions(
                true, Duration.ofHours(1).toNanos(), Duration.ofMinutes(1).toNanos()));
        world.joined();
        world.read(2, FIRST);
        world.commit = null;
        world.silence(LeaveGroupRequest.class);
        world.plan = List.of(FIRST);
        world.heartbeat = BrokerError.REBALANCE_IN_PROGRESS;
        while (world.count(OffsetCommitRequest.class) == 0) {
            world.poll(100);
        }
        long beforeMs = world.clock.epochMillis();

        world.runtime.close(Duration.ZERO);

        assertThat(world.clock.epochMillis() - beforeMs).isLessThan(3000);
        assertThat(world.listener.told).containsExactly("assigned [0, 1]", "revoked [0, 1]");
    }
}
