package dev.surefoot.core.session;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchPlan.Kind;
import dev.surefoot.core.session.ToldPartitions.Told;
import dev.surefoot.core.session.Verdict.Doubt;
import dev.surefoot.core.session.Verdict.Outcome;
import dev.surefoot.core.session.WantedPartitions.Wanted;
import dev.surefoot.core.time.Backoff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A fetch session that checks every answer. Owned by the loop's thread.
 *
 * <p>It keeps two sets apart. <em>Wanted</em> are the partitions that this client is to fetch; they change at any time.
 * <em>Told</em> are the partitions that the broker holds; they change only when the answer to a request has been
 * verified. A plan is the difference between the two sets and a pure function of them, so a plan that is not sent
 * changes nothing. When the outcome of a request is unknown, the partitions that the broker holds are unknown too, and
 * the next request is a full one.
 *
 * <p>A partition that no answer has mentioned for the audit interval is audited: one request removes it from the
 * session, the next one adds it again. A broker always reports an added partition, so a missing report shows that the
 * session has lost it (invariant I24).
 */
public final class VerifiedFetchSession implements FetchSession {
    /** The most partitions that one request audits; a larger set is audited over several requests. */
    static final int AUDITED_PER_REQUEST_MAX = 64;

    private final boolean enabled;
    private final long auditIntervalNanos;
    private final ResetPace pace;
    private final int firstEpoch;

    private final WantedPartitions wanted = new WantedPartitions();
    private final ToldPartitions told = new ToldPartitions();
    private final Map<TopicPartition, Integer> doubts = new HashMap<>();
    /** Held partitions that are to be announced anew; cleared by a reset, after which all are announced. */
    private final Set<TopicPartition> announcedAnew = new LinkedHashSet<>();

    private SessionState state = new SessionState.None();
    private @Nullable FetchPlan outstanding;
    private int notGrantedInARow;
    /** Whether the next request is to replace a live session. */
    private boolean replaced;

    /**
     * @param enabled false to ask for no session and to list all partitions each time
     * @param auditIntervalNanos nanoseconds without a mention after which a partition is audited, 0 or more
     * @param backoff the delays between requests to a broker that keeps refusing the session
     */
    public VerifiedFetchSession(boolean enabled, long auditIntervalNanos, Backoff backoff) {
        this(enabled, auditIntervalNanos, backoff, FetchPlan.INITIAL_EPOCH + 1);
    }

    /**
     * Creates a session whose epochs do not begin at 1. It is for simulations, which would not reach the largest epoch
     * otherwise; the simulated broker must begin with the same epoch.
     *
     * @param auditIntervalNanos nanoseconds without a mention after which a partition is audited, 0 or more
     * @param firstEpoch the epoch of the request after the one that opens a session, 1 or more
     * @throws IllegalArgumentException if {@code firstEpoch} is below 1
     */
    public VerifiedFetchSession(boolean enabled, long auditIntervalNanos, Backoff backoff, int firstEpoch) {
        if (firstEpoch < 1) {
            throw new IllegalArgumentException("a session's first epoch must be 1 or more, got " + firstEpoch
                    + ": 0 opens a session and -1 closes it");
        }
        this.enabled = enabled;
        this.auditIntervalNanos = auditIntervalNanos;
        this.pace = new ResetPace(backoff);
        this.firstEpoch = firstEpoch;
    }

    /** A snapshot of what the client believes about the session. */
    public SessionBelief belief() {
        boolean byTopicId = state instanceof SessionState.Live live && live.byTopicId();
        return new SessionBelief(
                state.kind(),
                state.sessionId(),
                state.nextEpoch(),
                byTopicId,
                told.all(),
                outstanding(),
                pace.inARow(),
                pace.retryAtNanos());
    }

    @Override
    public void want(TopicPartition partition, Uuid topicId, FetchTarget target) {
        wanted.put(partition, new Wanted(topicId, target));
    }

    @Override
    public void unwant(TopicPartition partition) {
        wanted.remove(partition);
    }

    @Override
    public boolean wantsAny() {
        return !wanted.isEmpty();
    }

    @Override
    public boolean brokerHoldsAny() {
        return !told.isEmpty();
    }

    @Override
    public boolean outstanding() {
        return outstanding != null;
    }

    @Override
    public void reannounce(TopicPartition partition) {
        if (told.get(partition) != null) {
            announcedAnew.add(partition);
        }
    }

    @Override
    public void reopen() {
        replaced = state.kind() == SessionBelief.State.LIVE;
    }

    @Override
    public SessionHealth health() {
        return new SessionHealth(state.kind(), outstanding(), pace.inARow(), notGrantedInARow);
    }

    @Override
    public long retryAtNanos() {
        return pace.retryAtNanos();
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        if (outstanding != null) {
            throw new IllegalStateException("a request of this session awaits its outcome");
        }
        if (state.kind() == SessionBelief.State.CLOSED) {
            throw new IllegalStateException("this session is closed");
        }
        boolean byTopicId = topicIds && namesByTopicId();
        if (!enabled || !sessions) {
            return full(Kind.SESSIONLESS, FetchPlan.NO_SESSION, FetchPlan.FINAL_EPOCH, byTopicId);
        }
        if (!(replaced && wantsAny()) && state instanceof SessionState.Live live && live.byTopicId() == byTopicId) {
            return incremental(live, nowNanos);
        }
        return full(Kind.FULL, state.sessionId(), FetchPlan.INITIAL_EPOCH, byTopicId);
    }

    /**
     * Whether requests name topics by id, which they do if all wanted partitions have an id. A live session without
     * wanted partitions keeps its way of naming, so that it need not be reopened to be emptied.
     */
    private boolean namesByTopicId() {
        if (wanted.isEmpty() && state instanceof SessionState.Live live) {
            return live.byTopicId();
        }
        return wanted.allHaveTopicIds();
    }

    private FetchPlan full(Kind kind, int sessionId, int epoch, boolean byTopicId) {
        return new FetchPlan(kind, sessionId, epoch, byTopicId, wanted.all(byTopicId), List.of(), false);
    }

    private FetchPlan incremental(SessionState.Live live, long nowNanos) {
        Map<TopicIdPartition, FetchTarget> updated = new LinkedHashMap<>();
        List<TopicIdPartition> forgotten = new ArrayList<>();
        for (TopicPartition partition : wanted.changed()) {
            Told before = told.get(partition);
            Wanted now = wanted.get(partition);
            Uuid topicId = now != null && live.byTopicId() ? now.topicId() : Uuid.ZERO_UUID;
            if (before != null && (now == null || !before.topicId().equals(topicId))) {
                forgotten.add(new TopicIdPartition(before.topicId(), partition));
            }
            if (now != null && !isTold(before, topicId, now.target())) {
                updated.put(new TopicIdPartition(topicId, partition), now.target());
            }
        }
        Set<TopicIdPartition> audited = audited(live, nowNanos);
        forgotten.addAll(audited);
        return new FetchPlan(
                Kind.INCREMENTAL,
                live.sessionId(),
                live.nextEpoch(),
                live.byTopicId(),
                updated,
                forgotten,
                !audited.isEmpty());
    }

    /** The partitions to remove and to add again: those that are to be announced anew, then the silent ones. */
    private Set<TopicIdPartition> audited(SessionState.Live live, long nowNanos) {
        // A broker ends a session that has become empty. So one partition is kept, and audited by a later request.
        int most = Math.min(AUDITED_PER_REQUEST_MAX, Math.max(1, told.size() - 1));
        List<TopicIdPartition> silent = told.silentSince(nowNanos - auditIntervalNanos, most);
        Set<TopicIdPartition> audited = new LinkedHashSet<>();
        for (TopicPartition partition : announcedAnew) {
            Told held = told.get(partition);
            if (held != null && audited.size() < most && isWantedAs(held, partition, live)) {
                audited.add(new TopicIdPartition(held.topicId(), partition));
            }
        }
        for (TopicIdPartition each : silent) {
            Told held = told.get(each.topicPartition());
            if (held != null && audited.size() < most && isWantedAs(held, each.topicPartition(), live)) {
                audited.add(each);
            }
        }
        return audited;
    }

    /** Whether the partition is wanted as the broker holds it; what has changed is named in any case. */
    private boolean isWantedAs(Told held, TopicPartition partition, SessionState.Live live) {
        Wanted now = wanted.get(partition);
        return now != null && isTold(held, live.byTopicId() ? now.topicId() : Uuid.ZERO_UUID, now.target());
    }

    private static boolean isTold(@Nullable Told told, Uuid topicId, FetchTarget target) {
        return told != null && told.topicId().equals(topicId) && told.target().equals(target);
    }

    @Override
    public void sent(FetchPlan plan) {
        if (outstanding != null) {
            throw new IllegalStateException("a second request within one session");
        }
        outstanding = plan;
    }

    @Override
    public Verdict answered(FetchPlan plan, FetchAnswer answer, long nowNanos) {
        end(plan);
        if (state.kind() == SessionBelief.State.CLOSED) {
            return new Verdict.Ignored();
        }
        if (answer.error() != BrokerError.NONE) {
            boolean unknownSession = answer.error() == BrokerError.FETCH_SESSION_ID_NOT_FOUND;
            reset(unknownSession ? FetchPlan.NO_SESSION : state.sessionId());
            pace.reset(isSessionError(answer.error()), nowNanos);
            return new Verdict.Refused(answer.error(), answer.errorCode());
        }
        if (isThrottled(plan, answer)) {
            reset(FetchPlan.NO_SESSION);
            return new Verdict.Accepted(Outcome.THROTTLED, List.of(), List.of());
        }
        AnswerCheck.Finding finding = AnswerCheck.check(plan, told, answer);
        if (finding instanceof AnswerCheck.Finding.Contradicts contradiction) {
            reset(state.sessionId());
            pace.reset(true, nowNanos);
            return new Verdict.SessionMismatch(contradiction.mismatch(), contradiction.detail());
        }
        return accept(plan, answer, (AnswerCheck.Finding.Fits) finding, nowNanos);
    }

    /**
     * Whether a quota made the broker answer a full request without partitions. Such an answer proves nothing about the
     * session.
     */
    private static boolean isThrottled(FetchPlan plan, FetchAnswer answer) {
        return plan.kind() != Kind.INCREMENTAL
                && answer.throttleTimeMs() > 0
                && answer.partitions().isEmpty();
    }

    private Verdict accept(FetchPlan plan, FetchAnswer answer, AnswerCheck.Finding.Fits fits, long nowNanos) {
        Outcome outcome = plan.kind() == Kind.INCREMENTAL
                ? continued(plan, answer.sessionId(), nowNanos)
                : opened(plan, answer.sessionId(), nowNanos);
        wanted.removeTold(told);
        for (PartitionReport report : fits.reports()) {
            told.mention(report.partition(), nowNanos);
            announcedAnew.remove(report.partition());
            doubts.remove(report.partition());
            if (report.answer().records().hasRemaining()) {
                wanted.rotate(report.partition());
            }
        }
        List<Doubt> doubted = doubted(fits);
        if (doubted.isEmpty()) {
            pace.endRow();
        } else {
            reset(state.sessionId());
            pace.reset(true, nowNanos);
        }
        return new Verdict.Accepted(outcome, fits.reports(), doubted);
    }

    private Outcome continued(FetchPlan plan, int sessionId, long nowNanos) {
        if (sessionId <= 0) {
            reset(FetchPlan.NO_SESSION);
            return Outcome.ENDED;
        }
        for (TopicIdPartition key : plan.forgotten()) {
            told.forget(key);
            announcedAnew.remove(key.topicPartition());
            wanted.markChanged(key.topicPartition());
        }
        plan.partitions().forEach((key, target) -> told.tell(key, target, nowNanos));
        become(((SessionState.Live) state).advanced());
        return Outcome.CONTINUED;
    }

    private Outcome opened(FetchPlan plan, int sessionId, long nowNanos) {
        reset(FetchPlan.NO_SESSION);
        if (sessionId <= 0 || plan.kind() == Kind.SESSIONLESS) {
            notGrantedInARow += plan.kind() == Kind.SESSIONLESS ? 0 : 1;
            return Outcome.NOT_GRANTED;
        }
        notGrantedInARow = 0;
        plan.partitions().forEach((key, target) -> told.tell(key, target, nowNanos));
        become(new SessionState.Live(sessionId, firstEpoch, plan.byTopicId()));
        return Outcome.OPENED;
    }

    private List<Doubt> doubted(AnswerCheck.Finding.Fits fits) {
        List<Doubt> doubted = new ArrayList<>();
        for (AnswerCheck.Doubted left : fits.doubted()) {
            int repeats = Objects.requireNonNull(doubts.merge(left.partition(), 1, Integer::sum));
            doubted.add(new Doubt(left.partition(), left.target(), left.reason(), repeats));
        }
        return doubted;
    }

    @Override
    public void failed(FetchPlan plan) {
        end(plan);
        if (state.kind() != SessionBelief.State.CLOSED) {
            reset(state.sessionId());
        }
    }

    /** Ends the outstanding request. Every request that was sent ends exactly once. */
    @SuppressWarnings("ReferenceEquality") // equal plans may belong to two requests
    private void end(FetchPlan plan) {
        if (outstanding != plan) {
            throw new IllegalStateException("the outcome of a request that is not outstanding: " + plan);
        }
        outstanding = null;
    }

    @Override
    public @Nullable FetchPlan close() {
        if (state.kind() == SessionBelief.State.CLOSED) {
            return null;
        }
        int sessionId = state.sessionId();
        told.clear();
        become(new SessionState.Closed());
        if (sessionId <= 0) {
            return null;
        }
        return new FetchPlan(Kind.CLOSE, sessionId, FetchPlan.FINAL_EPOCH, false, Map.of(), List.of(), true);
    }

    /** Clears the told partitions. The next request is a full one, which replaces the session with this id, if any. */
    private void reset(int sessionId) {
        told.clear();
        announcedAnew.clear();
        replaced = false;
        become(sessionId == FetchPlan.NO_SESSION ? new SessionState.None() : new SessionState.Reopen(sessionId));
    }

    private void become(SessionState next) {
        if (state.kind() == SessionBelief.State.CLOSED) {
            throw new IllegalStateException("a closed session cannot become " + next);
        }
        state = next;
    }

    private static boolean isSessionError(BrokerError error) {
        return switch (error) {
            case FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH, FETCH_SESSION_TOPIC_ID_ERROR -> true;
            default -> false;
        };
    }
}
