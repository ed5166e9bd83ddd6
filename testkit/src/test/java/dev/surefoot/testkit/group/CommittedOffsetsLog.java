package dev.surefoot.testkit.group;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;

/** Every offset that was ever committed by groups, in the order in which the coordinators wrote them. */
public final class CommittedOffsetsLog {
    private static final String TOPIC = "__consumer_offsets";

    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private final Map<String, Map<TopicPartition, List<Long>>> byGroup = new TreeMap<>();

    /** Reads the coordinators' topic, of which nothing may have been compacted yet. */
    public static CommittedOffsetsLog read(KafkaCluster cluster) {
        Map<String, Object> config = cluster.consumerConfig();
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        CommittedOffsetsLog log = new CommittedOffsetsLog();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Await.until("the end of " + TOPIC, Duration.ofSeconds(90), () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(log::take);
                return partitions.stream().allMatch(partition -> consumer.position(partition) >= ends.get(partition));
            });
        }
        return log;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        CoordinatorRecord written = serde.deserialize(ByteBuffer.wrap(record.key()), ByteBuffer.wrap(record.value()));
        if (written.key() instanceof OffsetCommitKey key) {
            OffsetCommitValue value = (OffsetCommitValue) written.value().message();
            byGroup.computeIfAbsent(key.group(), name -> new HashMap<>())
                    .computeIfAbsent(new TopicPartition(key.topic(), key.partition()), name -> new ArrayList<>())
                    .add(value.offset());
        }
    }

    /** How many offsets the group has committed. */
    public long count(String group) {
        return byGroup.getOrDefault(group, Map.of()).values().stream()
                .mapToLong(List::size)
                .sum();
    }

    /** The offsets that the group has committed for the partition, the oldest first. */
    public List<Long> offsets(String group, TopicPartition partition) {
        return byGroup.getOrDefault(group, Map.of()).getOrDefault(partition, List.of());
    }

    /** A smaller offset that was stored after a larger one. */
    public record StepBack(String group, TopicPartition partition, long larger, long smaller, int commit) {}

    /** Each place at which a smaller offset follows a larger one. */
    public List<StepBack> stepsBack(String group) {
        List<StepBack> found = new ArrayList<>();
        byGroup.getOrDefault(group, Map.of()).forEach((partition, offsets) -> {
            for (int i = 1; i < offsets.size(); i++) {
                if (offsets.get(i) < offsets.get(i - 1)) {
                    found.add(new StepBack(group, partition, offsets.get(i - 1), offsets.get(i), i));
                }
            }
        });
        return found;
    }
}
