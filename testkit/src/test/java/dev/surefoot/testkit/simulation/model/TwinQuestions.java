package dev.surefoot.testkit.simulation.model;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochRequest;
import dev.surefoot.core.engine.EpochValidationExchange.OffsetForLeaderEpochResponse;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsResponse;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.position.ListOffsetsAnswer;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.OffsetForLeaderEpochQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Asks a real broker and the model what a consumer asks beside fetching: for offsets, epochs and metadata. */
final class TwinQuestions {
    private static final int REAL_BROKER = 0;
    private static final long[] WITHOUT_SEARCH = {
        ListOffsetsQuery.EARLIEST, ListOffsetsQuery.LATEST, ListOffsetsQuery.EARLIEST_LOCAL
    };

    private final SplittableRandom random;
    private final Twins twins;

    TwinQuestions(SplittableRandom random, Twins twins) {
        this.random = random;
        this.twins = twins;
    }

    void ask() {
        switch (random.nextInt(5)) {
            case 0, 1 -> offsets();
            case 2, 3 -> epochs();
            default -> metadata();
        }
    }

    private void offsets() {
        Map<TopicPartition, ListOffsetsQuery.PartitionTimestamp> wanted = new LinkedHashMap<>();
        for (TopicPartition name : names()) {
            wanted.put(name, new ListOffsetsQuery.PartitionTimestamp(timestamp(name), epochOfClient(name)));
        }
        ListOffsetsQuery query = new ListOffsetsQuery(random.nextBoolean(), wanted);
        Answer answer = twins.real().changes().ask(new ListOffsetsRequest(REAL_BROKER, query, 1));
        Map<TopicPartition, ListOffsetsAnswer.PartitionOffset> found = new LinkedHashMap<>();
        ((ListOffsetsResponse) answer)
                .answer()
                .partitions()
                .forEach((name, real) -> found.put(name, withoutTimeOfDay(real)));
        compare(query, new ListOffsetsAnswer(0, found), twins.broker().offsets(query));
    }

    /** Timestamps are offsets in both logs, but for the markers, which the real broker dates. */
    private static ListOffsetsAnswer.PartitionOffset withoutTimeOfDay(ListOffsetsAnswer.PartitionOffset found) {
        long timestamp = Math.min(found.timestamp(), found.offset());
        return new ListOffsetsAnswer.PartitionOffset(found.error(), found.offset(), timestamp, found.leaderEpoch());
    }

    private long timestamp(TopicPartition name) {
        ModelPartition partition = twins.model().partition(name);
        int draw = random.nextInt(WITHOUT_SEARCH.length + 1);
        if (partition == null || draw < WITHOUT_SEARCH.length) {
            return WITHOUT_SEARCH[Math.min(draw, WITHOUT_SEARCH.length - 1)];
        }
        // Markers carry the time of day in the real log, so they are later than anything that is asked for here.
        long firstMarker = Long.MAX_VALUE;
        for (LogBatch batch : partition.log().batches()) {
            if (batch.kind().isMarker()) {
                firstMarker = Math.min(firstMarker, batch.baseOffset());
            }
        }
        return random.nextLong(0, Math.min(partition.log().endOffset() + 1, firstMarker) + 1);
    }

    private int epochOfClient(TopicPartition name) {
        ModelPartition partition = twins.model().partition(name);
        if (partition == null || random.nextInt(3) > 0) {
            return -1;
        }
        return Math.max(-1, partition.leaderEpoch() + random.nextInt(-1, 2));
    }

    private void epochs() {
        Map<TopicPartition, OffsetForLeaderEpochQuery.PartitionEpoch> wanted = new LinkedHashMap<>();
        for (TopicPartition name : names()) {
            ModelPartition partition = twins.model().partition(name);
            int latest = partition == null ? 0 : partition.leaderEpoch();
            wanted.put(
                    name,
                    new OffsetForLeaderEpochQuery.PartitionEpoch(epochOfClient(name), random.nextInt(0, latest + 2)));
        }
        OffsetForLeaderEpochQuery query = new OffsetForLeaderEpochQuery(wanted);
        Answer answer = twins.real().changes().ask(new OffsetForLeaderEpochRequest(REAL_BROKER, query, 1));
        compare(
                query,
                ((OffsetForLeaderEpochResponse) answer).answer(),
                twins.broker().epochs(query));
    }

    private void metadata() {
        Set<String> topics = new LinkedHashSet<>();
        names().forEach(name -> topics.add(name.topic()));
        compare(
                topics,
                text(twins.real().metadata(topics), twins::modelTopicId, 0),
                text(twins.broker().metadata(topics), id -> id, 1));
    }

    private static List<String> text(MetadataAnswer answer, UnaryOperator<Uuid> ids, int firstNode) {
        List<String> text = new ArrayList<>();
        for (TopicMetadata topic : answer.topics()) {
            text.add(topic.name() + " " + ids.apply(topic.topicId()) + " " + topic.error());
            for (PartitionMetadata partition : topic.partitions()) {
                text.add(topic.name() + "-" + partition.partition() + " " + partition.error() + " leader "
                        + (partition.leaderId() - firstNode) + " epoch " + partition.leaderEpoch());
            }
        }
        text.sort(null);
        return text;
    }

    private Set<TopicPartition> names() {
        Set<TopicPartition> names = new LinkedHashSet<>();
        for (ModelTopic topic : twins.model().topics()) {
            for (int number = 0; number < topic.partitions().size(); number++) {
                if (random.nextBoolean()) {
                    names.add(new TopicPartition(topic.name(), number));
                }
            }
        }
        if (random.nextInt(4) == 0) {
            names.add(new TopicPartition("nowhere", 0));
        }
        return names;
    }

    private static void compare(Object question, Object real, Object model) {
        if (!real.equals(model)) {
            throw new AssertionError(
                    "asked for " + question + ", the broker answered\n" + real + "\nbut the model\n" + model);
        }
    }
}
