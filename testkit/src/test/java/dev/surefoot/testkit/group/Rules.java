package dev.surefoot.testkit.group;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;

/** How a member of a mixed group takes part in it. */
enum Rules {
    RANGE(RangeAssignor.class),
    ROUND_ROBIN(RoundRobinAssignor.class),
    STICKY(StickyAssignor.class),
    COOPERATIVE_STICKY(CooperativeStickyAssignor.class),
    /** As a member is that configures nothing. */
    RANGE_OR_COOPERATIVE_STICKY(RangeAssignor.class, CooperativeStickyAssignor.class),
    COOPERATIVE_STICKY_OR_RANGE(CooperativeStickyAssignor.class, RangeAssignor.class),
    /** The protocol in which the coordinator assigns (KIP-848). */
    CONSUMER;

    private static final int SESSION_MS = 10_000;
    static final int HEARTBEAT_MS = 200;

    private final List<Class<?>> assignors;

    Rules(Class<?>... assignors) {
        this.assignors = List.of(assignors);
    }

    boolean isClassic() {
        return !assignors.isEmpty();
    }

    /** Whether a member gives up everything in each rebalance. */
    boolean isEager() {
        return isClassic() && !assignors.equals(List.of(CooperativeStickyAssignor.class));
    }

    Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>();
        if (isClassic()) {
            config.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    assignors.stream().map(Class::getName).toList());
            config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MS);
            config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MS);
        } else {
            config.put("group.protocol", "consumer");
        }
        return config;
    }

    /** Those of one assignor, and the consumer protocol. */
    static Stream<Rules> plain() {
        return Stream.of(RANGE, ROUND_ROBIN, STICKY, COOPERATIVE_STICKY, CONSUMER);
    }
}
