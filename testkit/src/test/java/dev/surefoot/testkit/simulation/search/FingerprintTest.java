package dev.surefoot.testkit.simulation.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A search is only worth something if states that it takes for the same are the same as far as
 * anything can be seen of them.
 */
class FingerprintTest {
    private static final int FAULTS = 1;
    /** What comes after a state is only worked out again for every so many of those that were reached before. */
    private static final int ONE_OF = 8;

    private record Reached(List<Step> path, int faults) {}

    private final Map<Fingerprint.Key, Map<Step, Fingerprint.Key>> futures = new HashMap<>();

    @Test
    void statesThatAreTakenForTheSameHaveTheSameFuture() {
        Deque<Reached> front = new ArrayDeque<>(List.of(new Reached(List.of(), 0)));
        int merged = 0;
        while (!front.isEmpty()) {
            Reached reached = front.remove();
            Fingerprint.Key here = replay(reached.path()).fingerprint();
            Map<Step, Fingerprint.Key> known = futures.get(here);
            if (known == null) {
                Map<Step, Fingerprint.Key> future = futureOf(reached.path());
                futures.put(here, future);
                front.addAll(successors(reached, future));
            } else if (++merged % ONE_OF == 0) {
                assertThat(futureOf(reached.path()))
                        .as("after %s", reached.path())
                        .isEqualTo(known);
            }
        }
        assertThat(merged).isGreaterThan(futures.size());
    }

    private static List<Reached> successors(Reached reached, Map<Step, Fingerprint.Key> future) {
        List<Reached> successors = new ArrayList<>();
        for (Step step : future.keySet()) {
            int faults = reached.faults() + (step.fault() == null ? 0 : 1);
            if (faults <= FAULTS) {
                List<Step> path = new ArrayList<>(reached.path());
                path.add(step);
                successors.add(new Reached(path, faults));
            }
        }
        return successors;
    }

    private static Map<Step, Fingerprint.Key> futureOf(List<Step> path) {
        Map<Step, Fingerprint.Key> future = new EnumMap<>(Step.class);
        SmallWorld world = replay(path);
        for (Step step : Step.values()) {
            if (world.allows(step)) {
                SmallWorld next = replay(path);
                next.take(step);
                future.put(step, next.fingerprint());
            }
        }
        return future;
    }

    private static SmallWorld replay(List<Step> path) {
        SmallWorld world = new SmallWorld(WorldSettings.shipped());
        path.forEach(world::takeAgain);
        return world;
    }
}
