package dev.surefoot.testkit.simulation.model;

import com.yammer.metrics.core.Gauge;
import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;

/** A real broker whose logs are given batches that are known to the byte. */
final class RealBroker implements AutoCloseable {
    /**
     * Keeps out what the model leaves out: retention in the background, further segments, whose ends would cut answers,
     * and an offset index, which would cut the lists of aborted transactions.
     */
    private static final Map<String, String> PLAIN_LOG = Map.of(
            "retention.ms", "-1", "segment.ms", Long.toString(Long.MAX_VALUE), "index.interval.bytes", "10000000");

    private static final int PATIENCE_MS = 10_000;
    private static final int CHECKSUM_AT = 17;
    private static final int CHECKED_FROM = 21;
    private static final int SEQUENCE_AT = 53;

    private final KafkaCluster cluster;
    private BrokerSocket changes;
    private BrokerSocket fetches;
    private BrokerSocket moreFetches;

    RealBroker() {
        cluster = KafkaCluster.builder()
                .brokers(1)
                // Transactions are begun by writing in them, without a coordinator.
                .brokerConfig("transaction.partition.verification.enable", "false")
                .brokerConfig("log.initial.task.delay.ms", "3600000")
                .start();
        connect();
    }

    private void connect() {
        changes = new BrokerSocket(cluster.bootstrapServers());
        fetches = new BrokerSocket(cluster.bootstrapServers());
        moreFetches = new BrokerSocket(cluster.bootstrapServers());
    }

    /** The connection for everything but fetches. */
    BrokerSocket changes() {
        return changes;
    }

    BrokerSocket fetches() {
        return fetches;
    }

    /** A connection for a fetch that overtakes another. */
    BrokerSocket moreFetches() {
        return moreFetches;
    }

    void restart() {
        disconnect();
        cluster.restart(0);
        connect();
    }

    void create(String topic, int partitions) {
        cluster.createTopic(topic, partitions, 1, PLAIN_LOG);
    }

    void delete(String topic) {
        cluster.deleteTopic(topic);
    }

    void addPartitions(String topic, int total) {
        try {
            cluster.admin()
                    .createPartitions(Map.of(topic, NewPartitions.increaseTo(total)))
                    .all()
                    .get();
        } catch (Exception e) {
            throw new IllegalStateException("cannot add partitions to " + topic, e);
        }
    }

    /** How many fetches this broker holds back at this moment, followers' and others' included. */
    int heldFetches() {
        return KafkaYammerMetrics.defaultRegistry().allMetrics().entrySet().stream()
                .filter(metric -> metric.getKey().getName().equals("NumDelayedOperations")
                        && "Fetch".equals(metric.getKey().getScope().replace("delayedOperation.", "")))
                .map(metric -> ((Gauge<?>) metric.getValue()).value())
                .mapToInt(value -> ((Number) value).intValue())
                .sum();
    }

    Uuid idOf(String topic) {
        return metadata(Set.of(topic)).topics().get(0).topicId();
    }

    MetadataAnswer metadata(Set<String> topics) {
        MetadataRequest question = new MetadataRequest(0, new MetadataQuery(topics, false), 1);
        if (changes.ask(question) instanceof MetadataResponse answer) {
            return answer.answer();
        }
        throw new IllegalStateException("no answer of the kind that was asked for");
    }

    /**
     * Appends a batch, whose sequence number has to follow the producer's last one.
     *
     * @return the offset it was given
     */
    long append(TopicPartition partition, LogBatch batch, int sequence) {
        boolean transactional = batch.producerId() >= 0;
        ByteBuffer bytes = ByteBuffer.allocate(batch.bytes().limit())
                .put(batch.bytes().duplicate())
                .flip();
        bytes.putLong(0, 0); // brokers give the offsets, and refuse batches that bring their own
        if (transactional) {
            bytes.putInt(SEQUENCE_AT, sequence);
            CRC32C checksum = new CRC32C();
            checksum.update(bytes.array(), CHECKED_FROM, bytes.limit() - CHECKED_FROM);
            bytes.putInt(CHECKSUM_AT, (int) checksum.getValue());
        }
        TopicProduceData topic = new TopicProduceData()
                .setName(partition.topic())
                .setPartitionData(List.of(new PartitionProduceData()
                        .setIndex(partition.partition())
                        .setRecords(MemoryRecords.readableRecords(bytes))));
        ProduceRequestData data = new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(PATIENCE_MS)
                .setTransactionalId(transactional ? "transaction-" + batch.producerId() : null);
        data.topicData().add(topic);
        var answer = changes.ask(ApiKeys.PRODUCE, 11, data, ProduceResponseData::new)
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .get(0);
        requireNone("append to " + partition + " (" + answer.errorMessage() + ")", answer.errorCode());
        return answer.baseOffset();
    }

    void endTransaction(TopicPartition partition, long producerId, boolean commit) {
        WritableTxnMarkerTopic topic = new WritableTxnMarkerTopic()
                .setName(partition.topic())
                .setPartitionIndexes(List.of(partition.partition()));
        WriteTxnMarkersRequestData data = new WriteTxnMarkersRequestData()
                .setMarkers(List.of(new WritableTxnMarker()
                        .setProducerId(producerId)
                        .setProducerEpoch((short) 0)
                        .setTransactionResult(commit)
                        .setTopics(List.of(topic))));
        short error = changes.ask(ApiKeys.WRITE_TXN_MARKERS, 1, data, WriteTxnMarkersResponseData::new)
                .markers()
                .get(0)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode();
        requireNone("end a transaction in " + partition, error);
    }

    void deleteBefore(TopicPartition partition, long offset) {
        DeleteRecordsRequestData data = new DeleteRecordsRequestData()
                .setTimeoutMs(PATIENCE_MS)
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName(partition.topic())
                        .setPartitions(List.of(new DeleteRecordsPartition()
                                .setPartitionIndex(partition.partition())
                                .setOffset(offset)))));
        short error = changes.ask(ApiKeys.DELETE_RECORDS, 2, data, DeleteRecordsResponseData::new)
                .topics()
                .iterator()
                .next()
                .partitions()
                .iterator()
                .next()
                .errorCode();
        requireNone("delete from " + partition, error);
    }

    private static void requireNone(String what, short error) {
        if (error != Errors.NONE.code()) {
            throw new IllegalStateException("cannot " + what + ": " + Errors.forCode(error));
        }
    }

    private void disconnect() {
        changes.close();
        fetches.close();
        moreFetches.close();
    }

    @Override
    public void close() {
        disconnect();
        cluster.close();
    }
}
