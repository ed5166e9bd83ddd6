package dev.surefoot.cli.doctor;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.FailureLine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the groups to look at, and makes sure that the cluster answers at all.
 *
 * @param admin asks the cluster
 * @param stop ends it early
 * @param servers the brokers, as the user has given them
 * @param timeoutSeconds how long the cluster may take to answer
 */
record GroupChoice(Admin admin, Stop stop, String servers, int timeoutSeconds) {

    /**
     * Asks the cluster for its brokers.
     *
     * @throws CommandFailure if it does not answer
     */
    void requireAnswer() {
        Answer<Collection<Node>> nodes = stop.answerTo(admin.describeCluster().nodes());
        if (nodes.failure().isEmpty()) {
            return;
        }
        Throwable failure = nodes.failure().get();
        if (nodes.isFailedOverTimeBy(AuthenticationException.class)) {
            throw CommandFailure.couldNotLook(
                    servers + " refuses this client; check the keys sasl.*, ssl.* and security.protocol: "
                            + FailureLine.lineOf(failure),
                    failure);
        }
        throw CommandFailure.couldNotLook(
                "no answer from " + servers + " within " + timeoutSeconds + " s; check the address, that the broker"
                        + " runs, and its security settings (--timeout waits longer, --debug shows the client's log): "
                        + FailureLine.lineOf(failure),
                failure);
    }

    /**
     * Returns the groups to look at; an empty name stands for the topic without a group.
     *
     * @throws CommandFailure if there is no such topic, or if this user may not see it
     */
    List<String> of(@Nullable String group, @Nullable String topic) {
        if (topic == null) {
            return List.of(group == null ? "" : group);
        }
        Set<TopicPartition> partitions = partitionsOf(topic);
        if (group != null) {
            return List.of(group);
        }
        List<String> readers = readersOf(partitions);
        return readers.isEmpty() ? List.of("") : readers;
    }

    private Set<TopicPartition> partitionsOf(String topic) {
        KafkaFuture<TopicDescription> question =
                admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
        Answer<TopicDescription> answer = stop.answerTo(question);
        if (answer.failure().isEmpty()) {
            return IntStream.range(0, answer.value().orElseThrow().partitions().size())
                    .mapToObj(i -> new TopicPartition(topic, i))
                    .collect(Collectors.toSet());
        }
        Throwable failure = answer.failure().get();
        throw CommandFailure.couldNotLook(
                answer.isFailedBy(TopicAuthorizationException.class)
                        ? "this user may not see topic " + topic + "; it needs the right DESCRIBE on it"
                        : "cannot look at topic " + topic + ": " + FailureLine.lineOf(failure),
                failure);
    }

    /** Returns the groups that have commits for one of these partitions, or a member that has one. */
    private List<String> readersOf(Set<TopicPartition> partitions) {
        GroupLook groups = new GroupLook(admin, stop);
        Set<String> listed = groups.listed();
        List<String> readers = new ArrayList<>();
        Map<String, KafkaFuture<ConsumerGroupDescription>> described =
                admin.describeConsumerGroups(listed).describedGroups();
        for (String each : new TreeSet<>(listed)) {
            boolean hasMember = stop.answerTo(described.get(each)).value().stream()
                    .flatMap(group -> group.members().stream())
                    .flatMap(member -> member.assignment().topicPartitions().stream())
                    .anyMatch(partitions::contains);
            if (hasMember || hasCommit(groups, each, partitions)) {
                readers.add(each);
            }
        }
        return readers;
    }

    private static boolean hasCommit(GroupLook groups, String group, Set<TopicPartition> partitions) {
        Answer<Map<TopicPartition, OffsetAndMetadata>> committed = groups.committed(group, false, partitions);
        return committed.value().stream()
                .flatMap(told -> told.values().stream())
                .anyMatch(offset -> offset != null);
    }
}
