package dev.surefoot.core.error;

/** What an error of a broker means for whoever asked; {@link BrokerQuestion#meaningOf} says which error means what. */
public enum ErrorMeaning {
    /** There is no error. */
    ANSWER,
    /** There is nothing to be found, and that is the answer. */
    NO_ANSWER,
    /** The leader or topic id that the client knows may be wrong: the same is asked again after new metadata. */
    STALE,
    /** The same broker may answer when it is asked again later. */
    PASSING,
    /** Asking again cannot help; the application gets the exception at once. */
    LASTING
}
