package dev.surefoot.core.handover;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the application has read of one fetch answer. The loop makes it and counts the deliveries that the answer gives,
 * before any of them is handed over; from then on it belongs to the application's thread.
 */
public final class FetchedAnswer {
    /** Records and bytes of one topic; bytes as {@code RecordCursor.sizeBytes} has them. */
    public record Amount(int records, long bytes) {
        private static final Amount NOTHING = new Amount(0, 0);

        /** Both together. */
        public Amount plus(Amount other) {
            return new Amount(records + other.records, bytes + other.bytes);
        }
    }

    private final Map<String, Amount> byTopic = new LinkedHashMap<>(2);
    private int deliveriesLeft;

    /** The answer gives one delivery more. */
    public FetchedAnswer addDelivery() {
        deliveriesLeft++;
        return this;
    }

    /**
     * One delivery has been read to its end, or dropped.
     *
     * @return whether it was the last one
     */
    public boolean endDelivery(String topic, int records, long bytes) {
        byTopic.merge(topic, new Amount(records, bytes), Amount::plus);
        return --deliveriesLeft == 0;
    }

    /** What was read of each topic that the answer had records of. */
    public Map<String, Amount> byTopic() {
        return byTopic;
    }

    /** What was read of the whole answer. */
    public Amount total() {
        return byTopic.values().stream().reduce(Amount.NOTHING, Amount::plus);
    }
}
