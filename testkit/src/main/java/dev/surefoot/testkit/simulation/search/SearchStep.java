package dev.surefoot.testkit.simulation.search;

import org.jspecify.annotations.Nullable;

/** A step of a world that is searched; each kind of world has an enum of its own. */
public interface SearchStep {
    /** The name of the constant. */
    String name();

    /** The step in words. */
    String told();

    /** The kind of fault that this step uses up, or null if it is the normal course and unlimited. */
    @Nullable Enum<?> fault();
}
