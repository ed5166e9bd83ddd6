package dev.surefoot.core.guard;

import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.progress.Evidence;
import dev.surefoot.progress.Marks;
import dev.surefoot.progress.Scope;
import dev.surefoot.progress.StallCause;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The causes that lie in the connections to a broker. Queries only. Owned by the loop's thread. */
final class LinkCauses {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** How long a connection may take to be made before that is worth a word. */
    private static final long CONNECTING_NANOS = 2 * SECOND_NANOS;

    /** An average round trip, beyond the time for which the broker holds a fetch back, that is slow. */
    private static final long LATE_NANOS = SECOND_NANOS;

    private static final int IN_A_ROW = 3;

    private final GuardSettings settings;
    private final Surroundings surroundings;

    LinkCauses(GuardSettings settings, Surroundings surroundings) {
        this.settings = settings;
        this.surroundings = surroundings;
    }

    /**
     * The cause that lies in the connection by which a partition is fetched or looked up, or null if it works.
     *
     * @param nodeId the broker, or -1 if none is known
     * @param lookup whether the partition's position is looked up, and not fetched from
     */
    @Nullable Conclusion conclude(int nodeId, boolean lookup, Marks marks, long nowNanos) {
        if (nodeId < 0) {
            return null;
        }
        LinkCondition link =
                lookup ? surroundings.controlLink(nodeId, nowNanos) : surroundings.fetchLink(nodeId, nowNanos);
        if (link == null) {
            return null;
        }
        StallCause ofAnswers =
                link.state() == LinkCondition.State.READY ? ofAnswers(link, nodeId, lookup, nowNanos) : null;
        // A connection that was made again has not carried an answer yet: that it works is to be shown.
        boolean works = link.state() == LinkCondition.State.READY && link.lastFailure() == null;
        StallCause cause = ofAnswers != null || works ? ofAnswers : ofConnecting(link, nowNanos);
        return cause == null
                ? null
                : new Conclusion(cause, new Scope.Broker(nodeId), evidence(link, nodeId, marks, nowNanos));
    }

    /**
     * The cause for which no broker was ever reached, or null if one is connected or none has failed yet. Brokers that
     * all fail for the same specific cause have that one.
     */
    @Nullable Conclusion ofBootstrap(Marks marks, long nowNanos) {
        StallCause common = null;
        LinkCondition last = null;
        int lastId = -1;
        for (int nodeId : surroundings.bootstrapIds()) {
            LinkCondition link = surroundings.controlLink(nodeId, nowNanos);
            if (link == null || link.lastFailure() == null) {
                if (link != null && link.state() == LinkCondition.State.READY) {
                    return null;
                }
                continue;
            }
            StallCause cause = ofConnecting(link, nowNanos);
            boolean specific = cause != null && cause != StallCause.LEADER_UNREACHABLE;
            common = !specific || (common != null && common != cause) ? StallCause.BOOTSTRAP_UNREACHABLE : cause;
            last = link;
            lastId = nodeId;
        }
        return last == null || common == null
                ? null
                : new Conclusion(common, new Scope.Client(), evidence(last, lastId, marks, nowNanos));
    }

    private static Evidence evidence(LinkCondition link, int nodeId, Marks marks, long nowNanos) {
        RequestFailure failure = link.lastFailure();
        String message = failure == null ? null : failure.cause().getMessage();
        return new Evidence.Link(
                marks,
                nodeId,
                link.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                (nowNanos - link.sinceNanos()) / 1_000_000,
                link.failuresInARow(),
                message == null ? "" : message);
    }

    /** The cause of a partition whose follower, which its leader names, has failed; null if it has no connection. */
    @Nullable Conclusion ofFollower(int nodeId, Marks marks, long nowNanos) {
        LinkCondition link = surroundings.fetchLink(nodeId, nowNanos);
        return link == null
                ? null
                : new Conclusion(
                        StallCause.FOLLOWER_BEHIND, new Scope.Broker(nodeId), evidence(link, nodeId, marks, nowNanos));
    }

    /** The cause for which a connection is not ready, or null if it is about to be. */
    static @Nullable StallCause ofConnecting(LinkCondition link, long nowNanos) {
        RequestFailure failure = link.lastFailure();
        if (failure == null) {
            boolean idle = link.state() == LinkCondition.State.IDLE;
            return idle || nowNanos - link.sinceNanos() < CONNECTING_NANOS ? null : StallCause.LEADER_UNREACHABLE;
        }
        boolean repeated = link.failuresInARow() >= IN_A_ROW;
        return switch (failure.reason()) {
            case NAME_UNRESOLVED -> StallCause.NAME_UNRESOLVED;
            case TLS, NO_BROKER -> StallCause.TLS_FAILING;
            case CREDENTIALS -> StallCause.AUTHENTICATION_FAILING;
            case CLOSED_IN_AUTHENTICATION, AUTHENTICATION_TIMED_OUT ->
                repeated ? StallCause.AUTHENTICATION_FAILING : StallCause.LEADER_UNREACHABLE;
            case CLOSED_IN_NEGOTIATION -> repeated ? StallCause.TLS_FAILING : StallCause.LEADER_UNREACHABLE;
            case UNSUPPORTED_VERSION -> StallCause.VERSION_UNSUPPORTED;
            case RESPONSE_TOO_LARGE -> StallCause.RECORD_TOO_LARGE;
            case NO_MEMORY -> StallCause.MEMORY_EXHAUSTED;
            case NO_ANSWER ->
                failure.bytes() > 0 && link.failuresInARow() > 1
                        ? StallCause.LINK_TOO_SLOW
                        : StallCause.LEADER_UNREACHABLE;
            case CONNECT_REFUSED, CONNECT_TIMED_OUT, NEGOTIATION_TIMED_OUT, LOST, MALFORMED ->
                StallCause.LEADER_UNREACHABLE;
        };
    }

    private @Nullable StallCause ofAnswers(LinkCondition link, int nodeId, boolean lookup, long nowNanos) {
        if (link.throttledUntilNanos() != Long.MAX_VALUE && link.throttledUntilNanos() > nowNanos) {
            return StallCause.THROTTLED;
        }
        LinkCondition.Traffic traffic = link.traffic();
        RequestFailure failure = link.lastFailure();
        boolean tooSlow = failure != null
                && failure.reason() == RequestFailure.Reason.NO_ANSWER
                && failure.bytes() > 0
                && link.failuresInARow() > 1;
        if (tooSlow) {
            return StallCause.LINK_TOO_SLOW;
        }
        long expectedNanos =
                lookup ? GuardSettings.Timing.ANSWER_NANOS : settings.timing().exchangeNanos();
        boolean overdue = traffic.inFlight() > 0 && nowNanos - traffic.oldestSentNanos() > expectedNanos;
        return overdue && traffic.arrivedBytes() == 0 ? ofSilence(traffic, nodeId, lookup, nowNanos) : null;
    }

    /**
     * The cause of a partition for which there is no other: that the answer to a fetch is late, or that it is the first
     * one and awaited; null if neither holds.
     */
    @Nullable Conclusion awaited(int nodeId, boolean isFirst, Marks marks, long nowNanos) {
        LinkCondition link = nodeId < 0 ? null : surroundings.fetchLink(nodeId, nowNanos);
        if (link == null || link.traffic().inFlight() == 0) {
            return null;
        }
        long awaitedNanos = nowNanos - link.traffic().oldestSentNanos();
        boolean isLate = awaitedNanos > SECOND_NANOS + settings.timing().fetchWaitNanos();
        if (!isLate && !isFirst) {
            return null;
        }
        StallCause cause = isLate ? ofSilence(link.traffic(), nodeId, false, nowNanos) : StallCause.STARTING;
        return new Conclusion(cause, new Scope.Broker(nodeId), evidence(link, nodeId, marks, nowNanos));
    }

    private StallCause ofSilence(LinkCondition.Traffic traffic, int nodeId, boolean lookup, long nowNanos) {
        LinkCondition other =
                lookup ? surroundings.fetchLink(nodeId, nowNanos) : surroundings.controlLink(nodeId, nowNanos);
        boolean otherAnswers = other != null && other.traffic().lastAnswerNanos() > traffic.oldestSentNanos();
        return otherAnswers || answersLate(traffic, lookup) ? StallCause.BROKER_SLOW : StallCause.CONNECTION_HALF_OPEN;
    }

    /** Whether the answers that did come over a connection have been late already. */
    private boolean answersLate(LinkCondition.Traffic traffic, boolean lookup) {
        long expectedNanos = LATE_NANOS + (lookup ? 0 : settings.timing().fetchWaitNanos());
        return traffic.lastAnswerNanos() != Long.MIN_VALUE && traffic.roundTripNanos() > expectedNanos;
    }
}
