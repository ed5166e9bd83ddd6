package dev.surefoot.cli.consume;

import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;

/** The order in which messages name partitions. */
final class TopicOrder {

    static final Comparator<TopicPartition> BY_PARTITION =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private TopicOrder() {}
}
