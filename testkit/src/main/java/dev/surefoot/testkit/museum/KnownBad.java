package dev.surefoot.testkit.museum;

/** What every exhibit says of itself. */
public interface KnownBad {
    /** A short name. */
    String id();

    /** What is wrong with it. */
    String title();

    /** Where the bug was reported or repaired, or the code that the exhibit is about. */
    String source();

    /** The invariant that it breaks first. */
    String invariant();
}
