package dev.surefoot.core.guard;

import dev.surefoot.progress.RecoveryStep.Action;
import dev.surefoot.progress.StallCause;
import java.util.EnumSet;
import java.util.Set;

/** What may help against which cause; empty where nothing of a client's may help, or it is tried all the time. */
final class Remedies {
    private static final Set<Action> NONE = EnumSet.noneOf(Action.class);
    private static final Set<Action> ALL = EnumSet.allOf(Action.class);
    private static final Set<Action> FOR_THE_SESSION =
            EnumSet.of(Action.REPLACE, Action.LEAVE_SESSIONS, Action.REFRESH);
    private static final Set<Action> FOR_THE_LOG = EnumSet.of(Action.REOPEN, Action.LEAVE_SESSIONS, Action.REFRESH);
    private static final Set<Action> FOR_THE_CLIENT = EnumSet.complementOf(EnumSet.of(Action.REANNOUNCE));
    private static final Set<Action> FOR_THE_POSITION = EnumSet.of(Action.REFRESH);
    /** The leader is asked whether it refuses the terms of the metadata as well, or those of the session only. */
    private static final Set<Action> FOR_THE_TERMS = EnumSet.of(Action.VERIFY, Action.REFRESH);

    private static final Set<Action> FOR_THE_CONNECTION = EnumSet.of(Action.RECONNECT);

    private Remedies() {}

    /** What may be done about the cause. */
    static Set<Action> against(StallCause cause) {
        return switch (cause) {
            case PARTITION_LOST_FROM_SESSION -> ALL;
            case UNEXPLAINED, CLIENT_FAULT -> FOR_THE_CLIENT;
            case SESSION_DIVERGED -> FOR_THE_SESSION;
            case LOG_DOES_NOT_LEAD_ON -> FOR_THE_LOG;
            case LOOKING_UP_POSITION, METADATA_STALE, FOLLOWER_BEHIND -> FOR_THE_POSITION;
            case BROKER_ERRORS -> FOR_THE_TERMS;
            case CONNECTION_HALF_OPEN, BROKER_SLOW -> FOR_THE_CONNECTION;
            // Nothing is wrong, or the application has to act.
            case CAUGHT_UP,
                    PROGRESSING,
                    STARTING,
                    NOTHING_DELIVERABLE,
                    PAUSED,
                    APPLICATION_NOT_POLLING,
                    DESERIALIZER_SLOW,
                    APPLICATION_SLOW,
                    BUFFER_FULL_OF_OTHERS,
                    DESERIALIZER_FAILING,
                    HANDLER_FAILING,
                    EVICTED_FOR_SLOW_POLL,
                    OWNS_NOTHING,
                    NOT_ASSIGNED -> NONE;
            // The data is so, wherever it is read from.
            case RECORD_UNDESERIALIZABLE, BATCH_CORRUPT, BATCH_UNDECOMPRESSABLE, RECORD_TOO_LARGE -> NONE;
            case OFFSET_OUT_OF_RANGE,
                    NO_INITIAL_OFFSET,
                    LOG_TRUNCATED,
                    TRANSACTION_OPEN,
                    TRANSACTION_HANGING,
                    COMMITTED_OFFSET_UNSTABLE,
                    REMOTE_TIER_SLOW -> NONE;
            // Retries with a back-off are under way, and metadata is asked for.
            case TOPIC_MISSING,
                    TOPIC_DELETED,
                    TOPIC_RECREATED,
                    PARTITION_MISSING,
                    NOT_AUTHORIZED,
                    BOOTSTRAP_UNREACHABLE,
                    NAME_UNRESOLVED,
                    TLS_FAILING,
                    AUTHENTICATION_FAILING,
                    VERSION_UNSUPPORTED,
                    NO_LEADER,
                    LISTENER_MISSING,
                    LEADER_UNREACHABLE,
                    THROTTLED,
                    LINK_TOO_SLOW,
                    FETCH_SLOW,
                    SESSION_THRASH -> NONE;
            // The membership finds its coordinator and joins anew by itself. More would stop the other members.
            case COORDINATOR_MISSING, COORDINATOR_UNREACHABLE, COORDINATOR_LOADING, GROUP_NOT_AUTHORIZED -> NONE;
            case GROUP_REFUSED, INSTANCE_FENCED, JOINING_GROUP -> NONE;
            case GROUP_UNSTABLE, COMMIT_FAILING -> NONE;
            case LOOP_DEAD, LOOP_STUCK, PROCESS_PAUSED, MEMORY_EXHAUSTED -> NONE;
        };
    }

    /**
     * Whether the cause may be a consequence of sending nothing: a connection that is not used stays as its last
     * request has left it, and a log that was created anew may end before the position.
     */
    static boolean mayComeOfSilence(StallCause cause) {
        return switch (cause) {
            case STARTING,
                    CAUGHT_UP,
                    NOTHING_DELIVERABLE,
                    LEADER_UNREACHABLE,
                    NAME_UNRESOLVED,
                    TLS_FAILING,
                    AUTHENTICATION_FAILING,
                    VERSION_UNSUPPORTED,
                    LINK_TOO_SLOW -> true;
            default -> !against(cause).isEmpty();
        };
    }

    /** Whether the cause calls for them as soon as it is named, and not only when it counts as a stall. */
    static boolean atOnce(StallCause cause) {
        return switch (cause) {
            case PARTITION_LOST_FROM_SESSION,
                    UNEXPLAINED,
                    CLIENT_FAULT,
                    SESSION_DIVERGED,
                    LOG_DOES_NOT_LEAD_ON,
                    CONNECTION_HALF_OPEN -> true;
            default -> false;
        };
    }

    /** Whether the session itself is suspected, and not the network or the process. */
    static boolean isOfSession(StallCause cause) {
        return cause == StallCause.PARTITION_LOST_FROM_SESSION
                || cause == StallCause.SESSION_DIVERGED
                || cause == StallCause.LOG_DOES_NOT_LEAD_ON;
    }
}
