package dev.surefoot.testkit.group;

import dev.surefoot.testkit.cluster.KafkaCluster;

/** One broker for the tests of mixed groups; it ends with the JVM. */
final class MixedCluster {
    private static final KafkaCluster CLUSTER = KafkaCluster.builder()
            .brokerConfig("group.consumer.min.heartbeat.interval.ms", Integer.toString(Rules.HEARTBEAT_MS))
            .brokerConfig("group.consumer.heartbeat.interval.ms", Integer.toString(Rules.HEARTBEAT_MS))
            .brokerConfig("group.consumer.migration.policy", "bidirectional")
            .start();

    private MixedCluster() {}

    static KafkaCluster get() {
        return CLUSTER;
    }
}
