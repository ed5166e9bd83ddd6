package dev.surefoot.net;

/** The correlation ids of one connection, by which a response names its request. Owned by the loop's thread. */
final class CorrelationIds {
    /** The largest id: Kafka's SASL authenticators on the same connection use the ids above it. */
    private static final int LAST = 1 << 30;

    private int last;

    /** Returns the next id, from 0 to {@value #LAST}; no other request in flight has it. */
    int take() {
        last = last == LAST ? 0 : last + 1;
        return last;
    }
}
