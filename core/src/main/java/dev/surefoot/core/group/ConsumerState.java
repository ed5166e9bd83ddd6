package dev.surefoot.core.group;

import java.util.EnumSet;
import java.util.Set;

/** Where a member of the consumer protocol (KIP-848) stands. Each state names the states that it may follow. */
enum ConsumerState {
    /** Takes part in nothing. */
    UNSUBSCRIBED,
    /** Asks to be a member; the coordinator has not answered. */
    JOINING,
    /** The coordinator's target differs from what the application owns, or names topics that are not known. */
    RECONCILING,
    /** The application owns the target; the coordinator is to be told in the next heartbeat. */
    ACKNOWLEDGING,
    /** The application owns the target, and the coordinator was told. */
    STABLE,
    /** The coordinator counts this member no longer; it joins anew when the application has given everything up. */
    FENCED,
    /** The application gives everything up before the member leaves; heartbeats go on. */
    PREPARE_LEAVING,
    /** The leave is to be sent. */
    LEAVING,
    /** Left for its application's slowness; joins anew in a poll after the application has given everything up. */
    STALE,
    /** The coordinator has refused this member for good. */
    FATAL;

    /** Whether this state may come after {@code previous}. */
    boolean mayFollow(ConsumerState previous) {
        return predecessors().contains(previous);
    }

    private Set<ConsumerState> predecessors() {
        return switch (this) {
            case UNSUBSCRIBED -> EnumSet.of(LEAVING, FENCED);
            case JOINING -> EnumSet.of(UNSUBSCRIBED, FENCED, STALE);
            case RECONCILING -> EnumSet.of(JOINING, ACKNOWLEDGING, STABLE);
            case ACKNOWLEDGING -> EnumSet.of(RECONCILING);
            case STABLE -> EnumSet.of(JOINING, RECONCILING, ACKNOWLEDGING);
            case FENCED, FATAL -> EnumSet.of(JOINING, RECONCILING, ACKNOWLEDGING, STABLE, PREPARE_LEAVING);
            case PREPARE_LEAVING -> EnumSet.of(JOINING, RECONCILING, ACKNOWLEDGING, STABLE);
            case LEAVING -> EnumSet.of(PREPARE_LEAVING);
            case STALE -> EnumSet.of(LEAVING);
        };
    }

    /** Whether the member takes part in its group, or asks to. */
    boolean isJoined() {
        return switch (this) {
            case JOINING, RECONCILING, ACKNOWLEDGING, STABLE -> true;
            case UNSUBSCRIBED, FENCED, PREPARE_LEAVING, LEAVING, STALE, FATAL -> false;
        };
    }
}
