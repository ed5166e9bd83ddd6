package dev.surefoot.testkit.simulation.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Kind;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Start;
import dev.surefoot.testkit.simulation.search.Fingerprint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** States of a group that a search takes for the same are the same as far as anything can be seen of them. */
class GroupFingerprintTest {
    /** What comes after a state is only worked out again for every so many of those that were reached before. */
    private static final int ONE_OF = 16;

    private static final int STATES_MAX = 1_500;

    private record Reached(List<GroupStep> path, boolean hasFault) {}

    @ParameterizedTest
    @EnumSource(Kind.class)
    void statesThatAreTakenForTheSameHaveTheSameFuture(Kind kind) {
        Map<Fingerprint.Key, Map<GroupStep, Fingerprint.Key>> futures = new HashMap<>();
        Deque<Reached> front = new ArrayDeque<>(List.of(new Reached(List.of(), false)));
        int merged = 0;
        while (!front.isEmpty() && futures.size() < STATES_MAX) {
            Reached reached = front.remove();
            Fingerprint.Key here = replay(kind, reached.path()).fingerprint();
            Map<GroupStep, Fingerprint.Key> known = futures.get(here);
            if (known == null) {
                Map<GroupStep, Fingerprint.Key> future = futureOf(kind, reached.path());
                futures.put(here, future);
                front.addAll(successors(reached, future));
            } else if (++merged % ONE_OF == 0) {
                assertThat(futureOf(kind, reached.path()))
                        .as("after %s", reached.path())
                        .isEqualTo(known);
            }
        }
        assertThat(merged).isGreaterThan(futures.size() / 3);
    }

    private static List<Reached> successors(Reached reached, Map<GroupStep, Fingerprint.Key> future) {
        List<Reached> successors = new ArrayList<>();
        for (GroupStep step : future.keySet()) {
            if (step.fault() == null || !reached.hasFault()) {
                List<GroupStep> path = new ArrayList<>(reached.path());
                path.add(step);
                successors.add(new Reached(path, reached.hasFault() || step.fault() != null));
            }
        }
        return successors;
    }

    private static Map<GroupStep, Fingerprint.Key> futureOf(Kind kind, List<GroupStep> path) {
        Map<GroupStep, Fingerprint.Key> future = new EnumMap<>(GroupStep.class);
        SmallGroup world = replay(kind, path);
        for (GroupStep step : GroupStep.values()) {
            if (world.allows(step)) {
                SmallGroup next = replay(kind, path);
                next.take(step);
                future.put(step, next.fingerprint());
            }
        }
        return future;
    }

    private static SmallGroup replay(Kind kind, List<GroupStep> path) {
        SmallGroup world = new SmallGroup(SmallGroupSettings.of(kind, Start.ONE));
        path.forEach(world::takeAgain);
        return world;
    }
}
