package dev.surefoot.testkit.simulation.coordinator;

import java.util.EnumSet;
import java.util.Set;

/**
 * The configuration of a coordinator. Times are in milliseconds, and named as the broker's own keys are.
 *
 * @param initialRebalanceDelayMs {@code group.initial.rebalance.delay.ms}
 * @param minSessionTimeoutMs {@code group.min.session.timeout.ms}
 * @param maxSessionTimeoutMs {@code group.max.session.timeout.ms}
 * @param maxSize {@code group.max.size}
 * @param newMemberJoinTimeoutMs after this a parked JoinGroup of a new member expires
 * @param maxMetadataChars {@code offset.metadata.max.bytes}, which brokers compare with a number of characters
 * @param bugs bugs to have
 */
public record GroupSettings(
        int initialRebalanceDelayMs,
        int minSessionTimeoutMs,
        int maxSessionTimeoutMs,
        int maxSize,
        int newMemberJoinTimeoutMs,
        int maxMetadataChars,
        Set<BrokerBug> bugs) {

    public GroupSettings {
        bugs = bugs.isEmpty() ? EnumSet.noneOf(BrokerBug.class) : EnumSet.copyOf(bugs);
    }

    /** A broker's defaults. */
    public static GroupSettings defaults() {
        return new GroupSettings(
                3_000, 6_000, 1_800_000, Integer.MAX_VALUE, 300_000, 4_096, EnumSet.noneOf(BrokerBug.class));
    }

    public GroupSettings withInitialRebalanceDelayMs(int delayMs) {
        return new GroupSettings(
                delayMs,
                minSessionTimeoutMs,
                maxSessionTimeoutMs,
                maxSize,
                newMemberJoinTimeoutMs,
                maxMetadataChars,
                bugs);
    }

    public GroupSettings withSessionTimeoutsMs(int minMs, int maxMs) {
        return new GroupSettings(
                initialRebalanceDelayMs, minMs, maxMs, maxSize, newMemberJoinTimeoutMs, maxMetadataChars, bugs);
    }

    public GroupSettings withMaxSize(int members) {
        return new GroupSettings(
                initialRebalanceDelayMs,
                minSessionTimeoutMs,
                maxSessionTimeoutMs,
                members,
                newMemberJoinTimeoutMs,
                maxMetadataChars,
                bugs);
    }

    public GroupSettings withBugs(Set<BrokerBug> some) {
        return new GroupSettings(
                initialRebalanceDelayMs,
                minSessionTimeoutMs,
                maxSessionTimeoutMs,
                maxSize,
                newMemberJoinTimeoutMs,
                maxMetadataChars,
                some);
    }

    boolean has(BrokerBug bug) {
        return bugs.contains(bug);
    }
}
