package dev.surefoot.testkit.simulation.check;

import java.util.List;

/**
 * What a campaign of a million schedules with groups has to reach, each so often that chance does not decide it: states
 * of members with the answers that came in them, the ways in which ownerships and commits end, the reasons of
 * rebalances. Rarer ones are counted as well, and not required.
 */
public final class RequiredStates {
    /** How often a campaign of a million has to reach each of them. */
    public static final long LEAST = 1_000;

    private static final List<String> ALL = List.of(
            "classic JOINED HEARTBEAT_NONE",
            "classic JOINING COMMIT_NONE",
            "classic JOINING JOIN_COORDINATOR_LOAD_IN_PROGRESS",
            "classic JOINING JOIN_COORDINATOR_NOT_AVAILABLE",
            "classic JOINING JOIN_MEMBER_ID_REQUIRED",
            "classic JOINING JOIN_NONE",
            "classic JOINING JOIN_NOT_COORDINATOR",
            "classic JOINING JOIN_UNKNOWN_MEMBER_ID",
            "classic JOINING NO_ANSWER",
            "classic OUTSIDE COMMIT_COORDINATOR_LOAD_IN_PROGRESS",
            "classic OUTSIDE COMMIT_COORDINATOR_NOT_AVAILABLE",
            "classic OUTSIDE COMMIT_NONE",
            "classic OUTSIDE COMMIT_NOT_COORDINATOR",
            "classic OUTSIDE COMMIT_UNKNOWN_MEMBER_ID",
            "classic OUTSIDE HEARTBEAT_NONE",
            "classic OUTSIDE HEARTBEAT_REBALANCE_IN_PROGRESS",
            "classic OUTSIDE HEARTBEAT_UNKNOWN_MEMBER_ID",
            "classic OUTSIDE JOIN_UNKNOWN_MEMBER_ID",
            "classic OUTSIDE NO_ANSWER",
            "classic STABLE COMMIT_COORDINATOR_LOAD_IN_PROGRESS",
            "classic STABLE COMMIT_COORDINATOR_NOT_AVAILABLE",
            "classic STABLE COMMIT_GROUP_ID_NOT_FOUND",
            "classic STABLE COMMIT_ILLEGAL_GENERATION",
            "classic STABLE COMMIT_NONE",
            "classic STABLE COMMIT_NOT_COORDINATOR",
            "classic STABLE COMMIT_UNKNOWN_MEMBER_ID",
            "classic STABLE HEARTBEAT_COORDINATOR_NOT_AVAILABLE",
            "classic STABLE HEARTBEAT_ILLEGAL_GENERATION",
            "classic STABLE HEARTBEAT_NONE",
            "classic STABLE HEARTBEAT_NOT_COORDINATOR",
            "classic STABLE HEARTBEAT_REBALANCE_IN_PROGRESS",
            "classic STABLE HEARTBEAT_UNKNOWN_MEMBER_ID",
            "classic SYNCING NO_ANSWER",
            "classic SYNCING SYNC_COORDINATOR_NOT_AVAILABLE",
            "classic SYNCING SYNC_NONE",
            "classic SYNCING SYNC_NOT_COORDINATOR",
            "classic SYNCING SYNC_REBALANCE_IN_PROGRESS",
            "consumer JOINED COMMIT_COORDINATOR_LOAD_IN_PROGRESS",
            "consumer JOINED COMMIT_COORDINATOR_NOT_AVAILABLE",
            "consumer JOINED COMMIT_GROUP_ID_NOT_FOUND",
            "consumer JOINED COMMIT_NONE",
            "consumer JOINED COMMIT_NOT_COORDINATOR",
            "consumer JOINED COMMIT_STALE_MEMBER_EPOCH",
            "consumer JOINED COMMIT_UNKNOWN_MEMBER_ID",
            "consumer JOINED HEARTBEAT_COORDINATOR_LOAD_IN_PROGRESS",
            "consumer JOINED HEARTBEAT_COORDINATOR_NOT_AVAILABLE",
            "consumer JOINED HEARTBEAT_FENCED_MEMBER_EPOCH",
            "consumer JOINED HEARTBEAT_GROUP_AUTHORIZATION_FAILED",
            "consumer JOINED HEARTBEAT_GROUP_ID_NOT_FOUND",
            "consumer JOINED HEARTBEAT_NONE",
            "consumer JOINED HEARTBEAT_NONE_NEWS",
            "consumer JOINED HEARTBEAT_NOT_COORDINATOR",
            "consumer JOINED HEARTBEAT_REQUEST_TIMED_OUT",
            "consumer JOINED HEARTBEAT_UNKNOWN_MEMBER_ID",
            "consumer JOINED NO_ANSWER",
            "consumer JOINING HEARTBEAT_COORDINATOR_LOAD_IN_PROGRESS",
            "consumer JOINING HEARTBEAT_COORDINATOR_NOT_AVAILABLE",
            "consumer JOINING HEARTBEAT_NONE_NEWS",
            "consumer JOINING HEARTBEAT_NOT_COORDINATOR",
            "consumer JOINING HEARTBEAT_UNRELEASED_INSTANCE_ID",
            "consumer JOINING NO_ANSWER",
            "consumer LEFT COMMIT_UNKNOWN_MEMBER_ID",
            "consumer LEFT HEARTBEAT_COORDINATOR_LOAD_IN_PROGRESS",
            "consumer LEFT HEARTBEAT_COORDINATOR_NOT_AVAILABLE",
            "consumer LEFT HEARTBEAT_NONE",
            "consumer LEFT HEARTBEAT_NOT_COORDINATOR",
            "consumer LEFT HEARTBEAT_UNKNOWN_MEMBER_ID",
            "consumer LEFT NO_ANSWER",
            "ownership GONE crashed",
            "ownership LOST away",
            "ownership LOST leaving",
            "ownership LOST the coordinator has answered FENCED_MEMBER_EPOCH",
            "ownership LOST the coordinator has answered GROUP_ID_NOT_FOUND",
            "ownership LOST the coordinator has answered ILLEGAL_GENERATION",
            "ownership LOST the coordinator has answered UNKNOWN_MEMBER_ID",
            "ownership REVOKED by plan",
            "ownership REVOKED it has left",
            "ownership REVOKED leaving",
            "ownership REVOKED the coordinator has answered FENCED_MEMBER_EPOCH",
            "ownership REVOKED the coordinator has answered UNKNOWN_MEMBER_ID",
            "rebalance OUTSIDE cached metadata has changed",
            "rebalance OUTSIDE first join",
            "rebalance OUTSIDE group is already rebalancing",
            "rebalance OUTSIDE membership ended",
            "rebalance OUTSIDE need to revoke partitions and re-join",
            "rebalance OUTSIDE simulated",
            "rebalance OUTSIDE topic subscription changed",
            "rebalance STABLE cached metadata has changed",
            "rebalance STABLE first join",
            "rebalance STABLE need to revoke partitions and re-join",
            "rebalance STABLE simulated",
            "rebalance STABLE topic subscription changed");

    private RequiredStates() {}

    /** All of them, by the names that {@link GroupStates} has for them. */
    public static List<String> all() {
        return ALL;
    }

    /** Returns those that were reached less often than {@link #LEAST}. */
    public static List<String> missingIn(GroupStates states) {
        return ALL.stream()
                .filter(state -> states.all().getOrDefault(state, 0L) < LEAST)
                .toList();
    }
}
