package dev.surefoot.core.delivery;

import org.apache.kafka.common.TopicPartition;

/** Decides whether units that the application cannot read are passed over. Called on the application's thread. */
public interface BadUnitPolicy {
    /** Passes over nothing: poll throws, and the position stays. */
    BadUnitPolicy FAIL = new BadUnitPolicy() {
        @Override
        public boolean mayPass() {
            return false;
        }

        @Override
        public void pass(UnreadableUnit unit, long recordsTaken) {
            throw unit.cause();
        }

        @Override
        public void forget(TopicPartition partition) {}
    };

    /** Whether units are passed over at all. */
    boolean mayPass();

    /**
     * Hands over a unit, if it is to be, and counts it. When this returns, the position moves past the unit. Called
     * within poll. A unit for which this has thrown comes again in the next poll.
     *
     * @param recordsTaken how many records the application has taken so far, of all partitions
     * @throws RuntimeException if the unit is not to be passed over; poll throws it
     */
    void pass(UnreadableUnit unit, long recordsTaken);

    /** The application has moved or given up a partition: what was tried for its unit counts no more. */
    void forget(TopicPartition partition);
}
