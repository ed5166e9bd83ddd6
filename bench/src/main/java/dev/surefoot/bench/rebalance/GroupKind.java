package dev.surefoot.bench.rebalance;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.GroupProtocol;

/** The protocols by which partitions are divided. */
public enum GroupKind {
    /** Classic, with the default assignors: every rebalance takes all partitions from all members. */
    EAGER("eager"),
    /** Classic, with the cooperative assignor: a rebalance takes only what moves. */
    COOPERATIVE("cooperative"),
    /** The protocol of KIP-848. */
    CONSUMER("consumer");

    private final String label;

    GroupKind(String label) {
        this.label = label;
    }

    /** Returns the name in options, tables and JSON. */
    public String label() {
        return label;
    }

    /**
     * Returns the configuration of a member.
     *
     * @param sessionTimeoutMs of the classic protocol; in the other one the broker decides
     * @param heartbeatMs likewise
     */
    Map<String, Object> config(int sessionTimeoutMs, int heartbeatMs) {
        return switch (this) {
            case EAGER ->
                Map.of(
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CLASSIC.name(),
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionTimeoutMs,
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, heartbeatMs);
            case COOPERATIVE ->
                Map.of(
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        GroupProtocol.CLASSIC.name(),
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        CooperativeStickyAssignor.class.getName(),
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        sessionTimeoutMs,
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                        heartbeatMs);
            case CONSUMER -> Map.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CONSUMER.name());
        };
    }
}
