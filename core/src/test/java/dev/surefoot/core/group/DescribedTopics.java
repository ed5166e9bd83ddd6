package dev.surefoot.core.group;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.Node;

/** An answer to a question for metadata, by which all topics have healthy partitions on one broker. */
final class DescribedTopics {
    private DescribedTopics() {}

    /** @param partitions how many partitions each topic has, by its name */
    static void describe(TopicDirectory topics, Node broker, Map<String, Integer> partitions) {
        List<TopicMetadata> described = new ArrayList<>();
        partitions.forEach((name, count) -> described.add(new TopicMetadata(
                name, name.equals("t") ? TracedMember.T : TracedMember.U, BrokerError.NONE, false, healthy(count))));
        topics.update(new MetadataAnswer(BrokerError.NONE, 0, "c", List.of(broker), described), false);
    }

    private static List<PartitionMetadata> healthy(int count) {
        return IntStream.range(0, count)
                .mapToObj(number ->
                        new PartitionMetadata(number, BrokerError.NONE, 1, 0, List.of(1), List.of(1), List.of()))
                .toList();
    }
}
