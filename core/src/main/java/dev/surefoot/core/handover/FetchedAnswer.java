package dev.surefoot.core.handover;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts what the application has read of one fetch answer. The loop creates it and calls {@link #addDelivery} for each
 * delivery before it hands over the first one. From then on the application's thread owns it.
 */
public final class FetchedAnswer {
    /** Records and bytes of one topic; a record has the bytes that {@code RecordCursor.sizeBytes} gives. */
    public record Amount(int records, long bytes) {
        private static final Amount NOTHING = new Amount(0, 0);

        /** The sums of both. */
        public Amount plus(Amount other) {
            return new Amount(records + other.records, bytes + other.bytes);
        }
    }

    private final Map<String, Amount> byTopic = new LinkedHashMap<>(2);
    private int deliveriesLeft;

    /** Counts one more delivery of the answer. */
    public FetchedAnswer addDelivery() {
        deliveriesLeft++;
        return this;
    }

    /**
     * Counts one delivery as read to its end, or dropped.
     *
     * @param records the records that the application has read of it
     * @param bytes the bytes of these records
     * @return whether it was the last one
     */
    public boolean endDelivery(String topic, int records, long bytes) {
        byTopic.merge(topic, new Amount(records, bytes), Amount::plus);
        return --deliveriesLeft == 0;
    }

    /** The amount read of each topic in the answer. */
    public Map<String, Amount> byTopic() {
        return byTopic;
    }

    /** The amount read of the whole answer. */
    public Amount total() {
        return byTopic.values().stream().reduce(Amount.NOTHING, Amount::plus);
    }
}
