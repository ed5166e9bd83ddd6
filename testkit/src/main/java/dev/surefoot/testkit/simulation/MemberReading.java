package dev.surefoot.testkit.simulation;

import dev.surefoot.runtime.Polling;
import dev.surefoot.testkit.simulation.check.MemberLedger;
import dev.surefoot.testkit.simulation.world.Story;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** The polls of one application, and the records that they give it. */
final class MemberReading {
    private final Polling<byte[], byte[]> polling;
    private final MemberLedger ledger;
    private final Story story;

    MemberReading(Polling<byte[], byte[]> polling, MemberLedger ledger, Story story) {
        this.polling = polling;
        this.ledger = ledger;
        this.story = story;
    }

    /**
     * Polls once.
     *
     * @param visits whether records are read by a visitor
     * @param isSubscribed whether they are read as a member of the group, and so entered into its ledger
     */
    void poll(Duration timeout, boolean visits, boolean isSubscribed) {
        if (visits) {
            polling.visit(timeout, (partition, record) -> {
                ByteBuffer value = record.value();
                long writeId = value == null ? -1 : value.duplicate().getLong();
                give(partition, record.offset(), writeId, isSubscribed);
                return true;
            });
            return;
        }
        ConsumerRecords<byte[], byte[]> records = polling.poll(timeout);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            give(partition, record.offset(), ByteBuffer.wrap(record.value()).getLong(), isSubscribed);
        }
    }

    private void give(TopicPartition partition, long offset, long writeId, boolean isSubscribed) {
        story.tell(() -> "application gets " + partition + "@" + offset);
        if (isSubscribed) {
            ledger.given(partition, offset, writeId);
        }
    }
}
