package dev.surefoot.core.group;

import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.DescribeGroup.DescribeGroupRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberIdentity;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;

/** Words what leaves a member, on as few characters as it takes. */
final class MemberWords {
    private static final long MILLI = 1_000_000;

    private MemberWords() {}

    /** The reason that many rows have in them, in fewer words. */
    private static String brief(String reason) {
        return reason.replace("the application was not in poll for longer than max.poll.interval.ms=60000", "no poll");
    }

    static String request(Request<?> request) {
        String timeout = " in " + request.timeoutNanos() / MILLI;
        if (request instanceof FindCoordinatorRequest) {
            return "FindCoordinator" + timeout;
        }
        if (request instanceof JoinGroupRequest join) {
            return "JoinGroup '" + join.memberId() + "' " + claims(join) + " because '" + brief(join.reason()) + "'"
                    + timeout;
        }
        if (request instanceof SyncGroupRequest sync) {
            return "SyncGroup " + sync.memberId() + "@" + sync.generation() + " " + sync.assignments() + timeout;
        }
        if (request instanceof HeartbeatRequest beat) {
            return "Heartbeat " + beat.memberId() + "@" + beat.generation() + timeout;
        }
        if (request instanceof LeaveGroupRequest leave) {
            return "LeaveGroup " + leave.memberId() + " because '" + brief(leave.reason()) + "'" + timeout;
        }
        if (request instanceof DescribeGroupRequest) {
            return "DescribeGroup" + timeout;
        }
        ConsumerGroupHeartbeatRequest beat = (ConsumerGroupHeartbeatRequest) request;
        return "Heartbeat @" + beat.epoch()
                + (beat.rebalanceTimeoutMs() < 0 ? "" : " full")
                + (beat.rackId() == null ? "" : " rack " + beat.rackId())
                + (beat.assignor() == null ? "" : " by " + beat.assignor())
                + (beat.topics() == null ? "" : " topics " + new TreeSet<>(beat.topics()))
                + (beat.regex() == null ? "" : " regex '" + beat.regex() + "'")
                + (beat.owned() == null ? "" : " owns " + beat.owned())
                + timeout;
    }

    private static String claims(JoinGroupRequest join) {
        return join.protocols().entrySet().stream()
                .map(protocol -> protocol.getKey() + " " + protocol.getValue().topics() + " owns "
                        + protocol.getValue().owned() + "@"
                        + protocol.getValue().generation()
                        + (protocol.getValue().rackId() == null
                                ? ""
                                : " in " + protocol.getValue().rackId()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    static String effect(GroupEffect effect) {
        if (effect instanceof GroupEffect.Notify told) {
            return notice(told.notice());
        }
        if (effect instanceof GroupEffect.Supersede told) {
            return "instead " + notice(told.notice());
        }
        if (effect instanceof GroupEffect.Hold told) {
            return "hold " + told.partitions();
        }
        if (effect instanceof GroupEffect.RefreshMetadata) {
            return "refresh metadata";
        }
        if (effect instanceof GroupEffect.Raise raise) {
            return "raise " + raise.cause().getClass().getSimpleName();
        }
        return event(((GroupEffect.Report) effect).event());
    }

    private static String notice(GroupNotice notice) {
        if (notice instanceof GroupNotice.Revoked revoked) {
            return "#" + revoked.token() + " " + revoked.loss().name().toLowerCase(Locale.ROOT) + revoked.partitions()
                    + (revoked.tellsEmpty() ? " tells empty" : "") + (revoked.joinFollows() ? " then join" : "");
        }
        if (notice instanceof GroupNotice.Assigned assigned) {
            return "#" + assigned.token() + " assigned " + assigned.added() + " of " + assigned.owned() + " by "
                    + assigned.assignor() + " " + assigned.assignment() + " as "
                    + assigned.identity().epoch();
        }
        if (notice instanceof GroupNotice.AssignmentWanted wanted) {
            return "#" + wanted.token() + " plan by " + wanted.assignor() + " for "
                    + new TreeSet<>(wanted.subscriptions().keySet()) + " of "
                    + new TreeSet<>(wanted.cluster().topics());
        }
        return notice.toString();
    }

    private static String event(GroupEvent event) {
        if (event instanceof GroupEvent.CoordinatorFound) {
            return "found";
        }
        if (event instanceof GroupEvent.CoordinatorLost lost) {
            return "lost coordinator '" + lost.reason() + "'";
        }
        if (event instanceof GroupEvent.RebalanceStarted started) {
            return "started '" + brief(started.reason()) + "'";
        }
        if (event instanceof GroupEvent.RebalanceEnded ended) {
            return (ended.failed() ? "failed" : "ended") + " @" + ended.epoch() + " with " + ended.owned() + " after "
                    + ended.durationNanos() / MILLI;
        }
        if (event instanceof GroupEvent.RequestEnded answered) {
            return answered.api().name().toLowerCase(Locale.ROOT) + " took " + answered.latencyNanos() / MILLI;
        }
        if (event instanceof GroupEvent.MembershipEnded over) {
            KafkaException failure = over.failure();
            return "over "
                    + (failure == null
                            ? "'" + brief(over.reason()) + "'"
                            : failure.getClass().getSimpleName());
        }
        return event.getClass().getSimpleName();
    }

    static long token(GroupNotice notice) {
        if (notice instanceof GroupNotice.Revoked revoked) {
            return revoked.token();
        }
        if (notice instanceof GroupNotice.Assigned assigned) {
            return assigned.token();
        }
        return notice instanceof GroupNotice.AssignmentWanted wanted ? wanted.token() : -1;
    }

    static String standing(Membership membership) {
        MemberIdentity identity = membership.identity();
        return "(" + identity.memberId() + "@" + identity.epoch() + " i" + identity.incarnation()
                + (membership.isMember() ? " member" : "")
                + (membership.isRebalancing() ? " rebalancing" : "")
                + (membership.isLeaving() ? " leaving" : "")
                + " owns " + membership.owned() + " needs " + membership.topicsOfInterest()
                + (membership.unresolvedTopics().isEmpty() ? "" : " unresolved " + membership.unresolvedTopics()) + ")";
    }
}
