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
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
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

    /** The most names that are listed. */
    private static final int NAMES_MAX = 5;

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
     * The groups to look at.
     *
     * @param groups their names; an empty one stands for the topic without a group
     * @param unseen what was not told, so that groups may be missing
     */
    record Chosen(List<String> groups, List<String> unseen) {}

    /**
     * Returns the groups to look at.
     *
     * @throws CommandFailure if there is no such group or topic, or if this user may not see it
     */
    Chosen of(@Nullable String group, @Nullable String topic) {
        Set<TopicPartition> partitions = topic == null ? Set.of() : partitionsOf(topic);
        if (group == null) {
            return readersOf(partitions);
        }
        new GroupLook(admin, stop).require(group);
        return new Chosen(List.of(group), List.of());
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
        if (answer.isFailedBy(UnknownTopicOrPartitionException.class)) {
            Answer<Set<String>> names = stop.answerTo(admin.listTopics().names());
            throw CommandFailure.couldNotLook(
                    "there is no topic '" + topic + "'"
                            + Spelling.didYouMean(topic, names.value().orElse(Set.of())),
                    failure);
        }
        throw CommandFailure.couldNotLook(
                answer.isFailedBy(TopicAuthorizationException.class)
                        ? "this user may not see topic " + topic + "; it needs the right DESCRIBE on it"
                        : "cannot look at topic " + topic + ": " + FailureLine.lineOf(failure),
                failure);
    }

    /**
     * Returns the groups that have commits for one of these partitions, or a member that has one, and those of which
     * that was not told.
     */
    private Chosen readersOf(Set<TopicPartition> partitions) {
        GroupLook groups = new GroupLook(admin, stop);
        GroupLook.Listed listed = groups.listed();
        List<String> unseen = new ArrayList<>(listed.untold());
        if (listed.groups().isEmpty() && !unseen.isEmpty()) {
            throw CommandFailure.couldNotLook(
                    "cannot list the groups that may read it: " + unseen.get(0) + "; --group looks at one of them");
        }
        List<String> readers = new ArrayList<>();
        List<String> forbidden = new ArrayList<>();
        Map<String, KafkaFuture<ConsumerGroupDescription>> described =
                admin.describeConsumerGroups(listed.groups()).describedGroups();
        for (String each : new TreeSet<>(listed.groups())) {
            Answer<ConsumerGroupDescription> answer = stop.answerTo(described.get(each));
            switch (readingOf(groups, each, answer, partitions)) {
                case YES, NOT_TOLD -> readers.add(each);
                case FORBIDDEN -> forbidden.add(each);
                case NO -> {}
            }
        }
        if (!forbidden.isEmpty()) {
            String names = forbidden.stream().limit(NAMES_MAX).collect(Collectors.joining(", "));
            int more = forbidden.size() - NAMES_MAX;
            unseen.add("DESCRIBE on " + (forbidden.size() == 1 ? "group " : "groups ") + names
                    + (more > 0 ? " and " + more + " more" : ""));
        }
        return new Chosen(readers.isEmpty() ? List.of("") : readers, unseen);
    }

    /** Whether a group reads a topic. */
    private enum Reading {
        YES,
        NO,
        FORBIDDEN,
        NOT_TOLD
    }

    private static Reading readingOf(
            GroupLook groups, String group, Answer<ConsumerGroupDescription> answer, Set<TopicPartition> partitions) {
        if (answer.isFailedBy(GroupAuthorizationException.class)) {
            return Reading.FORBIDDEN;
        }
        if (answer.value().isEmpty()) {
            // A group that was deleted since it was listed reads nothing.
            return answer.isFailedBy(GroupIdNotFoundException.class) ? Reading.NO : Reading.NOT_TOLD;
        }
        boolean hasMember = answer.value().stream()
                .flatMap(each -> each.members().stream())
                .flatMap(member -> member.assignment().topicPartitions().stream())
                .anyMatch(partitions::contains);
        if (hasMember) {
            return Reading.YES;
        }
        Answer<Map<TopicPartition, OffsetAndMetadata>> committed = groups.committed(group, false, partitions);
        if (committed.value().isEmpty()) {
            return committed.isFailedBy(GroupIdNotFoundException.class) ? Reading.NO : Reading.NOT_TOLD;
        }
        boolean hasCommit = committed.value().get().values().stream().anyMatch(offset -> offset != null);
        return hasCommit ? Reading.YES : Reading.NO;
    }
}
