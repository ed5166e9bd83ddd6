package dev.surefoot.cli.consume;

import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;

/** The order in which partitions are named to people. */
final class TopicOrder {

    static final Comparator<TopicPartition> BY_PARTITION =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private TopicOrder() {}
}
