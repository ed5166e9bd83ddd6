package dev.surefoot.testkit.museum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.museum.BesideTheSound.Difference;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Beside a sound session that is told and answered the same, an exhibit differs first in what its bug is about. It
 * never fails with an exception, neither before nor after that.
 */
class FlawAloneTest {
    private static final int SCHEDULES = 60;
    private static final int STEPS = 400;

    /** The largest epoch is too far away for {@code X7}. */
    static Stream<Exhibit> exhibits() {
        Predicate<Exhibit> takesTooLong = exhibit -> exhibit.id().equals("X7");
        return Exhibit.ALL.stream().filter(takesTooLong.negate());
    }

    @ParameterizedTest
    @MethodSource("exhibits")
    void whatDiffersFirstIsTheFlaw(Exhibit exhibit) {
        assertThat(firstDifferences(exhibit))
                .as("what differs first, and how often")
                .isNotEmpty()
                .allSatisfy((difference, times) ->
                        assertThat(expected(exhibit.id())).contains(difference));
    }

    @Test
    void twoSoundSessionsDoNotDiffer() {
        Exhibit none = new Exhibit("none", "nothing is wrong with it", "", "", Seams.NONE);

        assertThat(firstDifferences(none)).isEmpty();
    }

    private static Map<Difference, Integer> firstDifferences(Exhibit exhibit) {
        Map<Difference, Integer> first = new EnumMap<>(Difference.class);
        for (long seed = 0; seed < SCHEDULES; seed++) {
            BesideTheSound run = new BesideTheSound(exhibit, seed);
            try {
                run.steps(STEPS);
            } catch (RuntimeException e) {
                throw new AssertionError(exhibit.id() + " failed with seed " + seed, e);
            }
            if (run.first() != null) {
                first.merge(run.first(), 1, Integer::sum);
            }
        }
        return first;
    }

    private static Set<Difference> expected(String id) {
        return switch (id) {
            case "F1" -> Set.of(Difference.TOLD, Difference.FORGOTTEN);
            case "F2", "F4" -> Set.of(Difference.OUTSTANDING);
            case "F5", "F25", "F28", "F30", "A5", "X27" -> Set.of(Difference.VERDICT);
            case "F6", "F8", "F9", "F16", "F16b", "F17", "F22", "X10" -> Set.of(Difference.SESSION_AND_EPOCH);
            case "F7", "F10", "F19", "F20", "F23" -> Set.of(Difference.FORGOTTEN);
            case "F13" -> Set.of(Difference.IMMEDIATE);
            case "F18" -> Set.of(Difference.TOLD);
            case "F26", "F27" -> Set.of(Difference.PLAN_CHANGES);
            case "F32" -> Set.of(Difference.BROKER_HOLDS_ANY);
            case "A7" -> Set.of(Difference.ORDER);
            case "A8" -> Set.of(Difference.NOT_BEFORE);
            case "A9" -> Set.of(Difference.CLOSE);
            default -> throw new IllegalArgumentException("say what differs first in exhibit " + id);
        };
    }
}
