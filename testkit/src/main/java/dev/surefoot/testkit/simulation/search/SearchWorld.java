package dev.surefoot.testkit.simulation.search;

/**
 * A small world in which nothing happens by itself. The same steps from a new world lead to the same state. Used by one
 * thread.
 *
 * @param <S> its steps
 */
public interface SearchWorld<S extends SearchStep> {
    /** Whether this step can happen now. */
    boolean allows(S step);

    /**
     * Takes a step that is allowed, and checks the state that it leads to.
     *
     * @throws InvariantBroken if an invariant does not hold there
     */
    void take(S step);

    /** Takes a step that led to a correct state before. */
    void takeAgain(S step);

    /**
     * Ends every fault, and goes on until all is well. The world cannot be used after that.
     *
     * @param most how much may be needed
     * @return how much was needed
     * @throws InvariantBroken if it was not enough
     */
    int recover(int most);

    /** The hash of the present state. */
    Fingerprint.Key fingerprint();

    /** The present state in one line. */
    @Override
    String toString();
}
