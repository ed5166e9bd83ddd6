package dev.surefoot.testkit.simulation;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.testkit.simulation.check.MemberLedger;
import dev.surefoot.testkit.simulation.world.GroupWorld;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Where one application seeks to, and what it pauses. */
final class MemberPositions {
    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private final GroupWorld world;
    private final ConsumerRuntime<byte[], byte[]> consumer;
    private final MemberLedger ledger;

    MemberPositions(GroupWorld world, ConsumerRuntime<byte[], byte[]> consumer, MemberLedger ledger) {
        this.world = world;
        this.consumer = consumer;
        this.ledger = ledger;
    }

    static List<TopicPartition> sorted(Set<TopicPartition> partitions) {
        List<TopicPartition> sorted = new ArrayList<>(partitions);
        sorted.sort(BY_NAME);
        return sorted;
    }

    /** Returns one of the partitions that it owns, or null. */
    @Nullable TopicPartition mine(int place) {
        List<TopicPartition> owned = sorted(ledger.owned());
        return owned.isEmpty() ? null : owned.get(place % owned.size());
    }

    /** Seeks to so many thousandths of the log. */
    void seek(TopicPartition partition, long thousandths) {
        long offset = world.offsetAt(partition, thousandths);
        consumer.offsets().seek(partition, FetchPosition.at(offset));
        ledger.soughtTo(partition, offset);
    }

    void pause(TopicPartition partition) {
        consumer.assignments().pause(List.of(partition));
        ledger.paused(partition, true);
    }

    void resumeAll() {
        for (TopicPartition partition : consumer.assignments().paused()) {
            consumer.assignments().resume(List.of(partition));
            ledger.paused(partition, false);
        }
    }
}
