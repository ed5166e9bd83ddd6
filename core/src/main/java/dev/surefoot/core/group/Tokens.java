package dev.surefoot.core.group;

/**
 * The tokens of the notices that the application answers: at most one is outstanding. Owned by the loop's thread.
 */
final class Tokens {
    private static final long NONE = 0;

    private long issued;
    private long outstanding = NONE;

    /** @throws IllegalStateException if one is outstanding */
    long issue() {
        if (isOutstanding()) {
            throw new IllegalStateException("token " + outstanding + " has no answer yet; this is a bug in Surefoot");
        }
        outstanding = ++issued;
        return outstanding;
    }

    boolean isOutstanding() {
        return outstanding != NONE;
    }

    /** The token without an answer, or 0. */
    long outstanding() {
        return outstanding;
    }

    /** Takes the answer to a token; returns false, and changes nothing, if it is not the outstanding one. */
    boolean settle(long token) {
        if (token != outstanding || token == NONE) {
            return false;
        }
        outstanding = NONE;
        return true;
    }
}
