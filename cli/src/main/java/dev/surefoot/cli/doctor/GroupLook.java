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
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
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

    /** The number of wrong characters in a group's name that count as a misspelling. */
    private static final int SLIP = 3;

    private final Admin admin;
    private final Stop stop;

    GroupLook(Admin admin, Stop stop) {
        this.admin = admin;
        this.stop = stop;
    }

    /**
     * Describes a group.
     *
     * @throws CommandFailure if there is no such group, or if this user may not see it
     */
    GroupView describe(String group) {
        Answer<ConsumerGroupDescription> answer = stop.answerTo(
                admin.describeConsumerGroups(List.of(group)).describedGroups().get(group));
        return answer.value().map(GroupLook::view).orElseGet(() -> undescribed(group, answer));
    }

    private GroupView undescribed(String group, Answer<ConsumerGroupDescription> answer) {
        Throwable failure = answer.failure().orElseThrow();
        if (answer.isFailedBy(GroupIdNotFoundException.class)) {
            throw CommandFailure.couldNotLook("there is no consumer group '" + group + "'" + nearest(group), failure);
        }
        if (answer.isFailedBy(GroupAuthorizationException.class)) {
            throw CommandFailure.couldNotLook(
                    "this user may not see group " + group + "; it needs the right DESCRIBE on it", failure);
        }
        if (!answer.isFailedOverTimeBy(TimeoutException.class)
                && !answer.isFailedOverTimeBy(CoordinatorNotAvailableException.class)) {
            throw CommandFailure.couldNotLook(
                    "cannot look at group " + group + ": " + FailureLine.lineOf(failure), failure);
        }
        Phase phase = answer.isFailedOverTimeBy(CoordinatorLoadInProgressException.class)
                ? Phase.COORDINATOR_LOADING
                : answer.isFailedOverTimeBy(CoordinatorNotAvailableException.class)
                        ? Phase.COORDINATOR_MISSING
                        : Phase.COORDINATOR_UNREACHABLE;
        return GroupView.undescribed(group, phase, FailureLine.lineOf(failure));
    }

    private String nearest(String group) {
        LevenshteinDistance distance = new LevenshteinDistance(SLIP);
        return listed().stream()
                .filter(each -> distance.apply(each, group) >= 0)
                .findFirst()
                .map(each -> "; did you mean '" + each + "'?")
                .orElse("");
    }

    /** Returns the consumer groups that this user may see, in order. */
    Set<String> listed() {
        Answer<Collection<GroupListing>> listings = stop.answerTo(
                admin.listGroups(ListGroupsOptions.forConsumerGroups()).valid());
        return listings.value().stream()
                .flatMap(each -> each.stream().map(GroupListing::groupId))
                .collect(Collectors.toCollection(TreeSet::new));
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
                group.members().stream().map(GroupLook::view).toList());
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
