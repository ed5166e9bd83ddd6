package dev.surefoot.core.guard;

import dev.surefoot.progress.RecoveryStep.Action;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * What the guard asks the engine to do. Immutable.
 *
 * @param kind what is to be done
 * @param nodeId the broker that it concerns, or -1 if none is known
 * @param partitions the partitions for which it is to be done
 */
public record Wish(Kind kind, int nodeId, List<TopicPartition> partitions) {
    /** What can be wished for. */
    public enum Kind {
        /** {@link Action#VERIFY}; the answer goes to {@link Guard#ended}. */
        VERIFY,
        /** {@link Action#REANNOUNCE}. */
        REANNOUNCE,
        /** {@link Action#REOPEN}. */
        REOPEN,
        /** {@link Action#REPLACE}. */
        REPLACE,
        /** {@link Action#LEAVE_SESSIONS}. */
        LEAVE_SESSIONS,
        /** The end of {@link #LEAVE_SESSIONS}: a session is used again. */
        USE_SESSIONS,
        /** {@link Action#REFRESH}. */
        REFRESH,
        /** {@link Action#RECONNECT}. */
        RECONNECT,
        /** {@link Action#RESET}. */
        RESET
    }

    static Wish of(Action action, int nodeId, List<TopicPartition> partitions) {
        Kind kind =
                switch (action) {
                    case VERIFY -> Kind.VERIFY;
                    case REANNOUNCE -> Kind.REANNOUNCE;
                    case REOPEN -> Kind.REOPEN;
                    case REPLACE -> Kind.REPLACE;
                    case LEAVE_SESSIONS -> Kind.LEAVE_SESSIONS;
                    case REFRESH -> Kind.REFRESH;
                    case RECONNECT -> Kind.RECONNECT;
                    case RESET -> Kind.RESET;
                };
        return new Wish(kind, nodeId, partitions);
    }
}
