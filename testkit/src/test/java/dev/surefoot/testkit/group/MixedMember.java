package dev.surefoot.testkit.group;

import dev.surefoot.testkit.consumer.Client;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * A member of a mixed group: either client. It processes what a poll returns at once, and commits when partitions are
 * revoked, as programs do that want nothing to be processed twice.
 */
final class MixedMember implements ConsumerRebalanceListener {
    private final String name;
    private final Consumer<byte[], byte[]> consumer;
    private final GroupLedger ledger;
    private int callbacks;
    private int partitionsTaken;

    MixedMember(String name, Client client, Map<String, Object> config, String topic, GroupLedger ledger) {
        this.name = name;
        this.ledger = ledger;
        this.consumer = client.open(config);
        ledger.story().tell(name, "joins, a " + client + " with " + config);
        consumer.subscribe(Set.of(topic), this);
    }

    String name() {
        return name;
    }

    /** @param beforeProcessing done when records are there and have not been processed yet */
    void poll(Runnable beforeProcessing) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(10));
        beforeProcessing.run();
        records.forEach(record -> ledger.processed(name, record));
    }

    Set<TopicPartition> assignment() {
        return consumer.assignment();
    }

    ConsumerGroupMetadata identity() {
        return consumer.groupMetadata();
    }

    void enforceRebalance() {
        consumer.enforceRebalance("the test wants it");
    }

    /** How often the listener was called. */
    int callbacks() {
        return callbacks;
    }

    /** How many partitions were revoked or lost so far. */
    int partitionsTaken() {
        return partitionsTaken;
    }

    void close() {
        ledger.story().tell(name, "closes");
        consumer.close();
        ledger.closed(name);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        callbacks++;
        ledger.assigned(
                name, partitions, identity().memberId() + " in " + identity().generationId());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        callbacks++;
        partitionsTaken += partitions.size();
        if (!partitions.isEmpty()) {
            consumer.commitSync();
        }
        ledger.ended(name, partitions, Ownership.End.REVOKED);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        callbacks++;
        partitionsTaken += partitions.size();
        ledger.ended(name, partitions, Ownership.End.LOST);
    }
}
