package dev.surefoot.core.fetch;

/**
 * How many bytes the next fetch from a broker may ask for, or why it has to wait.
 *
 * @param bytes 1 or more if granted, else 0
 */
public record FetchGrant(Kind kind, int bytes) {
    /** Whether a fetch may leave, or why not. */
    public enum Kind {
        GRANTED,
        /** The application is busy and has enough unread answers of this broker. This ends when it has read more. */
        FAR_AHEAD,
        /**
         * Too little memory is free. This ends when the application has read an answer, or an outstanding fetch has
         * ended.
         */
        STARVED
    }

    static final FetchGrant FAR_AHEAD = new FetchGrant(Kind.FAR_AHEAD, 0);
    static final FetchGrant STARVED = new FetchGrant(Kind.STARVED, 0);

    static FetchGrant of(int bytes) {
        return new FetchGrant(Kind.GRANTED, bytes);
    }
}
