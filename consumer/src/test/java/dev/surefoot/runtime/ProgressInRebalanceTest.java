package dev.surefoot.runtime;

import static dev.surefoot.runtime.GroupWorld.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.progress.StallCause;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of a partition that is about to change hands. */
class ProgressInRebalanceTest {
    private final GroupWorld world = GroupWorld.eager(new GroupOptions(
            true, Duration.ofMinutes(10).toNanos(), Duration.ofMinutes(1).toNanos()));

    @AfterEach
    void close() {
        world.commit = BrokerError.NONE;
        world.close();
    }

    @Test
    void whileItsLastCommitIsUnderWayThatIsTheRebalanceAndNoBeginning() {
        world.joined();
        world.read(2, FIRST);
        world.commit = null;
        world.heartbeat = BrokerError.REBALANCE_IN_PROGRESS;
        world.turnFor(3_100);
        world.poll(100);
        assertThat(world.listener.told).as("the commit comes first").containsExactly("assigned [0, 1]");

        world.turnFor(3_000);

        assertThat(world.runtime.progress().of(FIRST).why().cause()).isEqualTo(StallCause.JOINING_GROUP);
    }
}
