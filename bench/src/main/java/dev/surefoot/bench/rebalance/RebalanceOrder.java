package dev.surefoot.bench.rebalance;

/**
 * One group of one kind of consumer, which a member joins, a member leaves, and a member dies in.
 *
 * @param groupId a group that is new
 * @param partitions of the topic, to each of which a record is written every {@code pulseMs} milliseconds
 * @param members how many members the group has before a change
 */
record RebalanceOrder(
        String bootstrapServers,
        String topic,
        String groupId,
        int partitions,
        int pulseMs,
        Subject subject,
        GroupKind kind,
        int members,
        int sessionTimeoutMs,
        int heartbeatMs) {}
