package dev.surefoot.bench.rebalance;

/**
 * A step of the measurement of one group of one kind of consumer.
 *
 * @param groupId a group that is new
 * @param partitions of the topic, to each of which a record is written every {@code pulseMs} milliseconds
 * @param members how many members the group has besides the one that joins, leaves or dies
 */
record RebalanceOrder(
        Step step,
        String bootstrapServers,
        String topic,
        String groupId,
        int partitions,
        int pulseMs,
        Subject subject,
        GroupKind kind,
        int members,
        int sessionTimeoutMs,
        int heartbeatMs) {

    /** What a JVM is to do. */
    enum Step {
        /** Start the members, and measure how one more joins and leaves. */
        JOIN_AND_LEAVE,
        /** Start a member that is going to die with its JVM, and wait until it owns partitions. */
        BE_VICTIM,
        /** Wait until the group has settled with a member in another JVM. */
        AWAIT_VICTIM,
        /** Measure how the other JVM's member is given up, and end the members. */
        DEATH
    }

    /** Returns the order of another step of the same group. */
    RebalanceOrder then(Step next) {
        return new RebalanceOrder(
                next,
                bootstrapServers,
                topic,
                groupId,
                partitions,
                pulseMs,
                subject,
                kind,
                members,
                sessionTimeoutMs,
                heartbeatMs);
    }
}
