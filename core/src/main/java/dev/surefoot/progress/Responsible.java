package dev.surefoot.progress;

/** Who can remove a {@link StallCause}. */
public enum Responsible {
    /** The program that uses the consumer, or its configuration. */
    APPLICATION,
    /** The brokers, or who operates them. */
    CLUSTER,
    /** What lies between this process and the brokers. */
    NETWORK,
    /** Another member of the consumer group. */
    GROUP,
    /** The records, or the producer that has written them. */
    DATA,
    /** This consumer. */
    CLIENT,
    /** Nothing is wrong. */
    NOBODY
}
