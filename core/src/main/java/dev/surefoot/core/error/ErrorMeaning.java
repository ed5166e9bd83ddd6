package dev.surefoot.core.error;

/**
 * What an error of a broker means for the part that asked. {@link BrokerQuestion#meaningOf} maps errors to meanings.
 */
public enum ErrorMeaning {
    /** There is no error. */
    ANSWER,
    /** The error is an answer: there is nothing to find. */
    NO_ANSWER,
    /** The leader or topic id that the client knows may be wrong: the request is repeated after new metadata. */
    STALE,
    /** The same broker may answer later: the request is repeated after a back-off. */
    PASSING,
    /** A retry cannot help: the application gets the exception at once. */
    LASTING
}
