package dev.surefoot.testkit.museum.group;

import dev.surefoot.runtime.Seams;
import dev.surefoot.runtime.Threads;
import dev.surefoot.testkit.museum.KnownBad;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A known-bad part that takes the place of the sound one in whole consumers of one group. Each is wrong in one thing
 * only.
 *
 * @param id GF and a number for a failure observed in production
 * @param title what is wrong with it
 * @param source where the bug was reported or repaired
 * @param invariant the invariant that it breaks first, such as {@code G19}
 * @param seams the seams of the consumers that use it
 */
public record WholeGroupExhibit(String id, String title, String source, String invariant, Seams seams)
        implements KnownBad {

    /** All exhibits of whole consumers. */
    public static final List<WholeGroupExhibit> ALL = List.of(new WholeGroupExhibit(
            "GF7",
            "an error in the answer to OffsetFetch counts as no offset",
            "https://github.com/platformatic/kafka/issues/267",
            "G18",
            new Seams(ErrorsTakenForNoOffset::new, UnaryOperator.identity())));

    /** The whole consumers whose memberships have the flaw of an exhibit of small groups. */
    public static Seams seams(GroupExhibit exhibit) {
        return new Seams(
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                exhibit.settings().parts().memberships(),
                Threads.REAL);
    }
}
