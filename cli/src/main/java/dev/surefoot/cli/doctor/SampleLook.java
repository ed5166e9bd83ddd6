package dev.surefoot.cli.doctor;

import dev.surefoot.cli.doctor.PartitionView.CommitView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Takes samples of one group, or of one topic without a group.
 *
 * @param group the group; empty for none
 * @param topic the only topic to look at; empty for all of the group
 * @param groups asks about the group
 * @param partitions asks about partitions
 * @param clockMs a clock that never goes back, in milliseconds
 */
record SampleLook(String group, String topic, GroupLook groups, PartitionLook partitions, LongSupplier clockMs) {

    /**
     * Takes one sample. Commits are asked before the ends of the logs, so that no commit is beyond an end only because
     * that is older.
     */
    Sample take() {
        long atMs = clockMs.getAsLong();
        GroupView view = group.isEmpty() ? GroupView.absent() : groups.describe(group);
        Set<TopicPartition> wanted = new HashSet<>();
        TopicAnswers topics = TopicAnswers.NONE;
        if (!topic.isEmpty()) {
            topics = partitions.describe(Set.of(topic));
            wanted.addAll(allOf(topics.of(topic)));
        }
        if (!view.isDescribed()) {
            return new Sample(atMs, view, partitions.look(wanted, topics, Map.of()));
        }
        Answer<Map<TopicPartition, OffsetAndMetadata>> committed = groups.committed(group, false, wanted);
        if (topic.isEmpty()) {
            committed.value().ifPresent(told -> wanted.addAll(told.keySet()));
            view.members().forEach(member -> wanted.addAll(member.owned()));
            TopicAnswers all = partitions.describe(topicsOf(wanted));
            topics = all;
            // A partition that nobody has is seen only among the others of its topic.
            view.members().stream()
                    .flatMap(member -> topicsOf(member.owned()).stream())
                    .distinct()
                    .forEach(each -> wanted.addAll(allOf(all.of(each))));
        }
        return new Sample(atMs, view, partitions.look(wanted, topics, commits(wanted, committed)));
    }

    private static Set<String> topicsOf(Set<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }

    private static Set<TopicPartition> allOf(Answer<TopicDescription> topic) {
        return topic.value().stream()
                .flatMap(each ->
                        IntStream.range(0, each.partitions().size()).mapToObj(i -> new TopicPartition(each.name(), i)))
                .collect(Collectors.toSet());
    }

    private Map<TopicPartition, CommitView> commits(
            Set<TopicPartition> wanted, Answer<Map<TopicPartition, OffsetAndMetadata>> committed) {
        if (committed.value().isEmpty() || wanted.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, OffsetAndMetadata> told = committed.value().get();
        Answer<Map<TopicPartition, OffsetAndMetadata>> stable = groups.committed(group, true, wanted);
        Map<TopicPartition, CommitView> commits = new HashMap<>();
        for (TopicPartition each : wanted) {
            OffsetAndMetadata offset = told.get(each);
            // If all were asked for, what is not told was never committed; if this one was, it could not be told.
            boolean known = topic.isEmpty() || told.containsKey(each);
            boolean pending =
                    known && stable.value().isPresent() && !stable.value().get().containsKey(each);
            OptionalLong value = offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset());
            commits.put(each, new CommitView(known, value, pending));
        }
        return commits;
    }
}
