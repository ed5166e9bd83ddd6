package dev.surefoot.cli.doctor;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.FailureLine;
import dev.surefoot.cli.doctor.GroupView.Phase;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListGroupsResult;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;

/** Asks the cluster about groups. */
final class GroupLook {

    /** The topic whose partitions coordinators of groups lead. */
    static final String OFFSETS_TOPIC = "__consumer_offsets";

    private final Admin admin;
    private final Stop stop;

    GroupLook(Admin admin, Stop stop) {
        this.admin = admin;
        this.stop = stop;
    }

    /**
     * Makes sure that there is a group to look at.
     *
     * @throws CommandFailure if there is no such group, or if this user may not see it
     */
    void require(String group) {
        GroupView view = describe(group);
        if (view.phase() == Phase.UNSEEN) {
            throw CommandFailure.couldNotLook(view.state());
        }
    }

    /** Describes a group. */
    GroupView describe(String group) {
        Answer<ConsumerGroupDescription> answer = stop.answerTo(
                admin.describeConsumerGroups(List.of(group)).describedGroups().get(group));
        return answer.value().map(GroupLook::view).orElseGet(() -> undescribed(group, answer));
    }

    private GroupView undescribed(String group, Answer<ConsumerGroupDescription> answer) {
        Throwable failure = answer.failure().orElseThrow();
        if (answer.isFailedBy(GroupIdNotFoundException.class)) {
            return GroupView.undescribed(
                    group, Phase.UNSEEN, "there is no consumer group '" + group + "'" + nearest(group));
        }
        if (answer.isFailedBy(GroupAuthorizationException.class)) {
            return GroupView.undescribed(
                    group,
                    Phase.UNSEEN,
                    "this user may not see group " + group + "; it needs the right DESCRIBE on it");
        }
        if (!answer.isFailedOverTimeBy(TimeoutException.class)
                && !answer.isFailedOverTimeBy(CoordinatorNotAvailableException.class)) {
            return GroupView.undescribed(
                    group, Phase.UNSEEN, "cannot look at group " + group + ": " + FailureLine.lineOf(failure));
        }
        Phase phase = answer.isFailedOverTimeBy(CoordinatorLoadInProgressException.class)
                ? Phase.COORDINATOR_LOADING
                : answer.isFailedOverTimeBy(CoordinatorNotAvailableException.class)
                        ? Phase.COORDINATOR_MISSING
                        : Phase.COORDINATOR_UNREACHABLE;
        return GroupView.undescribed(group, phase, FailureLine.lineOf(failure));
    }

    /** Says of a group that is no consumer group what kind it is of, or which one was probably meant. */
    private String nearest(String group) {
        Optional<GroupListing> other = stop.answerTo(admin.listGroups().valid()).value().stream()
                .flatMap(Collection::stream)
                .filter(each -> each.groupId().equals(group))
                .findFirst();
        if (other.isPresent()) {
            GroupListing found = other.get();
            return "; the group of that name is of type "
                    + found.type().map(GroupType::toString).orElse("unknown")
                    + (found.protocol().isEmpty() ? "" : ", protocol " + found.protocol())
                    + ", and only consumer groups can be looked at";
        }
        return Spelling.didYouMean(group, listed().groups());
    }

    /**
     * The consumer groups of a cluster.
     *
     * @param groups those that were told, in order
     * @param untold why others may be missing
     */
    record Listed(Set<String> groups, List<String> untold) {}

    /** Returns the consumer groups that this user may see. */
    Listed listed() {
        ListGroupsResult result = admin.listGroups(ListGroupsOptions.forConsumerGroups());
        Answer<Collection<GroupListing>> listings = stop.answerTo(result.valid());
        Set<String> untold = new TreeSet<>();
        Stream.concat(
                        listings.failure().stream(),
                        stop.answerTo(result.errors()).value().stream().flatMap(Collection::stream))
                .forEach(why -> untold.add("the groups of a broker: " + FailureLine.lineOf(why)));
        long homeless = partitionsWithoutACoordinator();
        if (homeless > 0) {
            untold.add("the groups in " + homeless + " partitions of " + OFFSETS_TOPIC + " that have no leader");
        }
        Set<String> groups = listings.value().stream()
                .flatMap(each -> each.stream().map(GroupListing::groupId))
                .collect(Collectors.toCollection(TreeSet::new));
        return new Listed(groups, List.copyOf(untold));
    }

    /** Returns how many partitions of groups nobody lists, as far as this user may see that. */
    private long partitionsWithoutACoordinator() {
        Answer<TopicDescription> topic = stop.answerTo(
                admin.describeTopics(List.of(OFFSETS_TOPIC)).topicNameValues().get(OFFSETS_TOPIC));
        return topic.value().stream()
                .flatMap(each -> each.partitions().stream())
                .filter(each -> each.leader() == null || each.leader().isEmpty())
                .count();
    }

    /**
     * Returns the committed offsets of a group; a partition of which nothing was committed may be in it, with null.
     *
     * @param stable whether commits of open transactions are to be waited for: their partitions are left out then
     * @param partitions the partitions to ask about; empty for all
     */
    Answer<Map<TopicPartition, OffsetAndMetadata>> committed(
            String group, boolean stable, Set<TopicPartition> partitions) {
        ListConsumerGroupOffsetsSpec spec = new ListConsumerGroupOffsetsSpec();
        if (!partitions.isEmpty()) {
            spec.topicPartitions(partitions);
        }
        return stop.answerTo(admin.listConsumerGroupOffsets(
                        Map.of(group, spec), new ListConsumerGroupOffsetsOptions().requireStable(stable))
                .partitionsToOffsetAndMetadata(group));
    }

    private static GroupView view(ConsumerGroupDescription group) {
        Node coordinator = group.coordinator();
        return new GroupView(
                group.groupId(),
                phaseOf(group),
                group.groupState().toString(),
                group.type() == GroupType.UNKNOWN ? "" : group.type().toString().toLowerCase(Locale.ROOT),
                coordinator == null || coordinator.isEmpty() ? OptionalInt.empty() : OptionalInt.of(coordinator.id()),
                intOf(group.groupEpoch()),
                group.members().stream().map(GroupLook::view).toList(),
                group.isSimpleConsumerGroup());
    }

    private static Phase phaseOf(ConsumerGroupDescription group) {
        GroupState state = group.groupState();
        return switch (state) {
            case PREPARING_REBALANCE, COMPLETING_REBALANCE, ASSIGNING, RECONCILING -> Phase.REBALANCING;
            case EMPTY, DEAD -> Phase.EMPTY;
            case STABLE, UNKNOWN, NOT_READY -> group.members().isEmpty() ? Phase.EMPTY : Phase.STABLE;
        };
    }

    private static MemberView view(MemberDescription member) {
        return new MemberView(
                member.consumerId(),
                member.clientId(),
                member.host(),
                intOf(member.memberEpoch()),
                member.assignment().topicPartitions(),
                member.targetAssignment().map(MemberAssignment::topicPartitions));
    }

    private static OptionalInt intOf(Optional<Integer> value) {
        return value.map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
