package dev.surefoot.testkit.museum.group;

import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;

/** What several flawed applications need. */
final class FlawedApplications {
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private FlawedApplications() {}
}
