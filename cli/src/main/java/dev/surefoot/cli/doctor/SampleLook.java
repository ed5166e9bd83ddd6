package dev.surefoot.cli.doctor;

import dev.surefoot.cli.console.FailureLine;
import dev.surefoot.cli.doctor.PartitionView.CommitView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Takes samples of one group, or of one topic without a group. It remembers which partitions it has seen: where a
 * question is not answered, they are in the sample nevertheless. Used by one thread.
 */
final class SampleLook {

    private final String group;
    private final String topic;
    private final GroupLook groups;
    private final PartitionLook partitions;
    private final List<String> unseenGroups;
    private final LongSupplier clockMs;
    private Set<TopicPartition> before = Set.of();

    /**
     * @param group the group; empty for none
     * @param topic the only topic to look at; empty for all of the group
     * @param groups asks about the group
     * @param partitions asks about partitions
     * @param unseenGroups the groups that may read the topic and were not told
     * @param clockMs a clock that never goes back, in milliseconds
     */
    SampleLook(
            String group,
            String topic,
            GroupLook groups,
            PartitionLook partitions,
            List<String> unseenGroups,
            LongSupplier clockMs) {
        this.group = group;
        this.topic = topic;
        this.groups = groups;
        this.partitions = partitions;
        this.unseenGroups = List.copyOf(unseenGroups);
        this.clockMs = clockMs;
    }

    /**
     * Takes one sample. Commits are asked before the ends of the logs, so that no commit is beyond an end only because
     * that is older.
     */
    Sample take() {
        long atMs = clockMs.getAsLong();
        GroupView view = group.isEmpty() ? GroupView.absent() : groups.describe(group);
        Sample sample = topic.isEmpty() ? ofGroup(atMs, view) : ofTopic(atMs, view);
        before = sample.partitions().keySet();
        return sample;
    }

    private Sample ofTopic(long atMs, GroupView view) {
        TopicAnswers topics = partitions.describe(Set.of(topic));
        Answer<TopicDescription> answer = topics.of(topic);
        Set<TopicPartition> wanted = answer.value().isPresent() ? allOf(answer) : before;
        Optional<String> untold = answer.failure()
                .map(why -> "topic " + topic + " was not described: " + FailureLine.lineOf(why))
                .or(this::unknownReaders);
        if (!view.isDescribed() || wanted.isEmpty()) {
            return new Sample(atMs, view, partitions.look(wanted, topics, Map.of()), untold);
        }
        Map<TopicPartition, CommitView> commits = commits(wanted, groups.committed(group, false, wanted));
        return new Sample(atMs, view, partitions.look(wanted, topics, commits), untold);
    }

    private Optional<String> unknownReaders() {
        return group.isEmpty() && !unseenGroups.isEmpty()
                ? Optional.of("whether a group reads it is not known; not seen: " + String.join("; ", unseenGroups))
                : Optional.empty();
    }

    private Sample ofGroup(long atMs, GroupView view) {
        Set<TopicPartition> wanted = new HashSet<>();
        if (!view.isDescribed()) {
            wanted.addAll(before);
            TopicAnswers topics = partitions.describe(topicsOf(wanted));
            return new Sample(atMs, view, partitions.look(wanted, topics, Map.of()), Optional.empty());
        }
        Answer<Map<TopicPartition, OffsetAndMetadata>> committed = groups.committed(group, false, wanted);
        wanted.addAll(committed.value().map(Map::keySet).orElse(before));
        view.members().forEach(member -> wanted.addAll(member.owned()));
        TopicAnswers topics = partitions.describe(topicsOf(wanted));
        // A partition that nobody has is seen only among the others of its topic.
        view.members().stream()
                .flatMap(member -> topicsOf(member.owned()).stream())
                .distinct()
                .forEach(each -> wanted.addAll(allOf(topics.of(each))));
        before.stream().filter(each -> isUndescribed(topics.of(each.topic()))).forEach(wanted::add);
        Optional<String> untold =
                committed.failure().map(why -> "what it has committed was not told: " + FailureLine.lineOf(why));
        return new Sample(atMs, view, partitions.look(wanted, topics, commits(wanted, committed)), untold);
    }

    private static boolean isUndescribed(Answer<TopicDescription> topic) {
        return topic.value().isEmpty()
                && !topic.isFailedBy(UnknownTopicOrPartitionException.class)
                && !topic.isFailedBy(TopicAuthorizationException.class);
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
