package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.FetchedBatches;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.records.Lease;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HandoverMarksTest {
    private static final TopicPartition ONE = new TopicPartition("t", 1);
    private static final TopicPartition TWO = new TopicPartition("t", 2);

    private final Handover handover = new Handover(Threads.REAL);

    private static Delivery.Marks marks(TopicPartition partition, long highWatermark) {
        return new Delivery.Marks(partition, 1, new Watermarks(highWatermark, highWatermark, 0));
    }

    private static Delivery.Records records(TopicPartition partition) {
        return new Delivery.Records(
                partition,
                1,
                new FetchedBatches(0, 1, ByteBuffer.allocate(0), List.of(), Lease.NONE),
                new Watermarks(9, 9, 0),
                new FetchedAnswer().addDelivery());
    }

    private List<Delivery> drained() {
        List<Delivery> deliveries = new ArrayList<>();
        for (Delivery next = handover.take(); next != null; next = handover.take()) {
            deliveries.add(next);
        }
        handover.takeMarks(deliveries::add);
        return deliveries;
    }

    @Test
    void ofWatermarksOnlyTheNewestOfEachPartitionAreKept() {
        for (long highWatermark = 1; highWatermark <= 1000; highWatermark++) {
            handover.deliver(marks(ONE, highWatermark));
            handover.deliver(marks(TWO, -highWatermark));
        }
        assertThat(drained()).containsExactlyInAnyOrder(marks(ONE, 1000), marks(TWO, -1000));
        assertThat(drained()).isEmpty();
    }

    @Test
    void watermarksDoNotFollowRecordsThatBringNewerOnes() {
        handover.deliver(marks(ONE, 1));
        handover.deliver(marks(TWO, 2));
        Delivery.Records records = records(ONE);
        handover.deliver(records);
        assertThat(drained()).containsExactly(records, marks(TWO, 2));
    }
}
