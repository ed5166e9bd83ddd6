package dev.surefoot.testkit.simulation.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Holds the model of a group coordinator against a real one: both are sent the same random requests of members of a
 * classic group, and have to answer alike and to park alike.
 *
 * <p>A failure names its schedule's seed, and {@code -Dtwins.seed=N} runs that schedule alone; {@code -Dtwins.first=N}
 * draws other seeds, and {@code -Dtwins.schedules=N} another number of them.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ClassicGroupAgainstBrokerTest {
    private static final long FIRST_SEED = Long.getLong("twins.first", 1);
    /** A schedule here is a tenth of one against a broker's logs. */
    private static final int SCHEDULES = 4 * Integer.getInteger("twins.schedules", 10);

    private static final int STEPS = 70;

    private final StateTally tally = new StateTally();
    private RealCoordinator real;

    @BeforeAll
    void start() {
        real = new RealCoordinator(
                GroupSettings.defaults().withInitialRebalanceDelayMs(0).withMaxSize(3));
        real.create("a", 3);
    }

    @AfterAll
    void close() {
        real.close();
    }

    @Test
    void answersAsARealCoordinatorDoes() {
        Long only = Long.getLong("twins.seed");
        SplittableRandom seeds = new SplittableRandom(FIRST_SEED);
        for (int i = 0; i < (only == null ? SCHEDULES : 1); i++) {
            run(only == null ? seeds.nextLong() : only);
        }
    }

    @Test
    void anOffsetBelongsToTheTopicsIncarnation() {
        real.create("short-lived", 1);
        try (CoordinatorTwins twins = new CoordinatorTwins(new WireSide(real), "incarnations", tally)) {
            Uuid id = idOfShortLived();
            var commit = ClassicMessages.commit("incarnations", "", -1, "short-lived", 0, 5);
            assertThat(twins.send("A", ClassicMessages.byId(commit, id), 10).text())
                    .contains("NONE");
            assertThat(fetched(twins, 9)).contains("NONE 5 of");
            real.delete("short-lived");
            awaitForgotten();
            assertThat(fetched(twins, 9)).contains("NONE -1 of");
            real.create("short-lived", 1);
            assertThat(fetched(twins, 9)).contains("NONE -1 of");
            assertThat(fetched(twins, 10)).contains("NONE -1 of");
            var late = ClassicMessages.byId(commit, id);
            assertThat(twins.send("A", late, 10).text()).contains("UNKNOWN_TOPIC_ID");
        }
    }

    /** A broker hears of a deletion later than its admin client. */
    private void awaitForgotten() {
        try (RawConnection connection = real.connect()) {
            Await.until("the offset of a deleted topic to be gone", Duration.ofSeconds(10), () -> {
                connection.send(ClassicMessages.fetch("incarnations", "short-lived", Uuid.ZERO_UUID, List.of(0)), 9);
                return AnswerText.of(connection.receive(), UnaryOperator.identity())
                        .contains("NONE -1 of");
            });
        }
    }

    private Uuid idOfShortLived() {
        return Objects.requireNonNull(real.topics().topic("short-lived")).id();
    }

    private String fetched(CoordinatorTwins twins, int version) {
        Uuid id = version < 10 ? Uuid.ZERO_UUID : idOfShortLived();
        String name = version < 10 ? "short-lived" : "";
        var fetch = ClassicMessages.fetch("incarnations", name, id, List.of(0)).setRequireStable(true);
        return twins.send("A", fetch, version).text();
    }

    private void run(long seed) {
        try (CoordinatorTwins twins = new CoordinatorTwins(new WireSide(real), "g" + Long.toHexString(seed), tally)) {
            new RandomClassicSchedule(twins, null, new SplittableRandom(seed)).run(STEPS);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("with -Dtwins.seed=" + seed + ", " + e.getMessage(), e);
        }
    }
}
