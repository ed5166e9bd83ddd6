package dev.surefoot.net;

/** The correlation ids of one connection, by which a response names its request. Belongs to the loop's thread. */
final class CorrelationIds {
    /** Kafka's SASL authenticators talk on the same connection and take the ids above this one for themselves. */
    private static final int LAST = 1 << 30;

    private int last;

    /** Takes the next id, 0 to {@value #LAST}; no other request in flight has it. */
    int take() {
        last = last == LAST ? 0 : last + 1;
        return last;
    }
}
