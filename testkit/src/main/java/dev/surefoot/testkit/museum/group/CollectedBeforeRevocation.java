package dev.surefoot.testkit.museum.group;

import dev.surefoot.testkit.simulation.group.SmallApplication;
import dev.surefoot.testkit.simulation.group.SmallMember;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * Exhibit GF2, after Apache Kafka (KAFKA-20332): a revocation, with its commit and its callback, runs between
 * collecting records and returning them from poll. The next owner delivers the same records.
 */
final class CollectedBeforeRevocation extends SmallApplication {
    private record Collected(TopicPartition partition, long offset) {}

    private List<Collected> collected = List.of();

    CollectedBeforeRevocation(SmallMember member) {
        super(member);
    }

    @Override
    protected void poll() {
        List<Collected> returned = collected;
        collected = List.of();
        List<Collected> ready = readable().stream()
                .map(partition -> new Collected(partition, position(partition)))
                .toList();
        super.poll();
        returned.stream()
                .filter(each -> !owned().contains(each.partition()) || position(each.partition()) <= each.offset())
                .forEach(each -> deliver(each.partition(), each.offset()));
        collected = ready;
    }
}
