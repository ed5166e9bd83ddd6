package dev.surefoot.cli.doctor;

import dev.surefoot.cli.console.FailureLine;
import dev.surefoot.cli.doctor.PartitionView.CommitView;
import dev.surefoot.cli.doctor.PartitionView.LogEnds;
import dev.surefoot.cli.doctor.PartitionView.Replicas;
import dev.surefoot.cli.doctor.PartitionView.Sight;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks the cluster about partitions. What fails for one partition leaves the others as they are. */
final class PartitionLook {

    private final Admin admin;
    private final Stop stop;

    /** What this user may not see, or what did not answer. */
    private final NotSeen missing;

    PartitionLook(Admin admin, Stop stop, NotSeen missing) {
        this.admin = admin;
        this.stop = stop;
        this.missing = missing;
    }

    /** Returns the descriptions of those topics that exist and may be seen, or why there is none. */
    TopicAnswers describe(Collection<String> topics) {
        Map<String, Answer<TopicDescription>> answers = new HashMap<>();
        Map<String, KafkaFuture<TopicDescription>> asked =
                admin.describeTopics(topics).topicNameValues();
        asked.forEach((topic, question) -> {
            Answer<TopicDescription> answer = stop.answerTo(question);
            if (answer.isFailedBy(TopicAuthorizationException.class)) {
                missing.add("DESCRIBE on topic " + topic);
            } else if (!answer.isFailedBy(UnknownTopicOrPartitionException.class)) {
                answer.failure().ifPresent(why -> missing.add("topic " + topic + ": " + FailureLine.lineOf(why)));
            }
            answers.put(topic, answer);
        });
        return new TopicAnswers(answers);
    }

    /** Looks at these partitions; {@code commits} has what is committed of them. */
    Map<TopicPartition, PartitionView> look(
            Set<TopicPartition> partitions, TopicAnswers topics, Map<TopicPartition, CommitView> commits) {
        List<Integer> online = onlineBrokers();
        Map<TopicPartition, Replicas> replicas = new HashMap<>();
        Set<String> names = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
        for (String name : names) {
            topics.of(name).value().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .forEach(info -> {
                        TopicPartition partition = new TopicPartition(name, info.partition());
                        if (partitions.contains(partition)) {
                            replicas.put(partition, replicasOf(info, online));
                        }
                    });
        }
        Set<TopicPartition> led = new HashSet<>();
        replicas.forEach((partition, theirs) -> {
            if (theirs.leader().isPresent()) {
                led.add(partition);
            }
        });
        Map<TopicPartition, LogEnds> ends = ends(led);
        Map<TopicPartition, PartitionView> views = new HashMap<>();
        for (TopicPartition each : partitions) {
            CommitView commit = commits.getOrDefault(each, CommitView.UNKNOWN);
            Replicas theirs = replicas.get(each);
            LogEnds known = ends.getOrDefault(each, LogEnds.UNKNOWN);
            Sight sight = sight(topics.of(each.topic()), theirs != null, led.contains(each), known);
            views.put(each, new PartitionView(theirs == null ? Replicas.UNKNOWN : theirs, known, commit, sight));
        }
        return views;
    }

    static Sight sight(Answer<TopicDescription> topic, boolean described, boolean led, LogEnds ends) {
        if (described) {
            return led && !ends.areKnown() ? Sight.UNANSWERED : Sight.SEEN;
        }
        if (topic.isFailedBy(TopicAuthorizationException.class)) {
            return Sight.FORBIDDEN;
        }
        boolean told = topic.value().isPresent() || topic.isFailedBy(UnknownTopicOrPartitionException.class);
        return told ? Sight.GONE : Sight.UNDESCRIBED;
    }

    private List<Integer> onlineBrokers() {
        return stop.answerTo(admin.describeCluster().nodes()).value().stream()
                .flatMap(nodes -> nodes.stream().map(Node::id))
                .sorted()
                .toList();
    }

    private static Replicas replicasOf(TopicPartitionInfo info, List<Integer> online) {
        Node leader = info.leader();
        List<Integer> all = info.replicas().stream().map(Node::id).toList();
        return new Replicas(
                leader == null || leader.isEmpty() ? OptionalInt.empty() : OptionalInt.of(leader.id()),
                all,
                info.isr().stream().map(Node::id).toList(),
                all.stream().filter(online::contains).toList());
    }

    private Map<TopicPartition, LogEnds> ends(Set<TopicPartition> partitions) {
        Map<TopicPartition, LogEnds> ends = new HashMap<>();
        if (partitions.isEmpty()) {
            return ends;
        }
        ListOffsetsResult start = ask(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        ListOffsetsResult stable = ask(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        ListOffsetsResult end = ask(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        for (TopicPartition each : partitions) {
            ends.put(each, new LogEnds(told(start, each), told(end, each), told(stable, each)));
        }
        return ends;
    }

    private ListOffsetsResult ask(Set<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(each -> asked.put(each, which));
        return admin.listOffsets(asked, new ListOffsetsOptions(isolation));
    }

    /** Returns the offsets that belong to these questions, of those partitions that have one. */
    Map<TopicPartition, Long> offsets(Map<TopicPartition, OffsetSpec> questions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        if (questions.isEmpty()) {
            return offsets;
        }
        ListOffsetsResult answers = admin.listOffsets(questions);
        questions.keySet().forEach(each -> told(answers, each).ifPresent(offset -> offsets.put(each, offset)));
        return offsets;
    }

    private OptionalLong told(ListOffsetsResult answers, TopicPartition partition) {
        Answer<ListOffsetsResultInfo> answer = stop.answerTo(answers.partitionResult(partition));
        if (answer.isFailedBy(TopicAuthorizationException.class)) {
            missing.add("DESCRIBE on topic " + partition.topic());
        }
        return answer.value().stream().mapToLong(ListOffsetsResultInfo::offset).findFirst();
    }
}
