package dev.surefoot.core.engine;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.guard.LeaderQuestions;
import dev.surefoot.core.guard.LeaderQuestions.Kind;
import dev.surefoot.core.guard.LeaderQuestions.Question;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * Asks leaders whether their logs have records from a position on, for the guard, which so tells a session that has
 * lost a partition from a log of which compaction has left nothing. It asks by a Fetch request outside of all sessions
 * (KIP-227), so that no session takes part in the answer. A question waits while the connection is not ready. Owned by
 * the loop's thread.
 */
public final class RemainingRecordsExchange implements Requester {
    /** The least that can be asked for. A broker sends one batch at least if there is any (KIP-74). */
    private static final int LEAST_BYTES = 1;

    /** After an answer with a batch, whose session is at fault then, a broker is not asked for so long. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    /**
     * A Fetch request about one partition, for an answer at once with one batch at most. A broker sends that batch only
     * of the first partition of a request, so each is asked about by itself. No memory is reserved for the batch, as
     * for the first one of any fetch: one such request is under way to a broker at a time, and the batch is not kept.
     *
     * @param readCommitted whether records count only below the last stable offset
     * @param timeoutNanos the nanoseconds that the answer may take
     */
    public record RemainingRecordsRequest(int nodeId, FetchPlan plan, boolean readCommitted, long timeoutNanos)
            implements Request<RemainingRecordsResponse> {
        /** The most bytes of records to ask for. One batch may be larger. */
        public int maxBytes() {
            return LEAST_BYTES;
        }

        @Override
        public Class<RemainingRecordsResponse> answerType() {
            return RemainingRecordsResponse.class;
        }
    }

    /**
     * The answer to a {@link RemainingRecordsRequest}.
     *
     * @param throttleTimeMs milliseconds for which the broker asks the client to send nothing (KIP-219), 0 for no delay
     * @param emptyTo the first offset of the next batch, which may be below the position, or the end of what may be
     *     read if there is none, or -1 if the broker does not say
     * @param atRecord whether there is a batch
     */
    public record RemainingRecordsResponse(int throttleTimeMs, long emptyTo, boolean atRecord) implements Answer {
        /** What an answer says, which is not used afterwards. */
        public static RemainingRecordsResponse of(RemainingRecordsRequest request, FetchAnswer answer) {
            boolean isOne = answer.error() == BrokerError.NONE
                    && answer.partitions().size() == 1
                    && isRead(answer.partitions().get(0));
            if (!isOne) {
                return new RemainingRecordsResponse(answer.throttleTimeMs(), -1, false);
            }
            PartitionAnswer of = answer.partitions().get(0);
            if (of.records().remaining() >= Long.BYTES) {
                long firstOffset = of.records().getLong(of.records().position());
                return new RemainingRecordsResponse(answer.throttleTimeMs(), firstOffset, true);
            }
            // A broker that throttles may leave out what it has, and no batch is so short.
            boolean isEmpty = answer.throttleTimeMs() == 0 && !of.records().hasRemaining();
            long end = request.readCommitted() ? of.lastStableOffset() : of.highWatermark();
            return new RemainingRecordsResponse(answer.throttleTimeMs(), isEmpty ? end : -1, false);
        }

        private static boolean isRead(PartitionAnswer answer) {
            return answer.error() == BrokerError.NONE
                    && answer.divergingEpoch() == null
                    && answer.preferredReadReplica() < 0;
        }
    }

    private final LeaderQuestions questions;
    private final boolean readCommitted;
    private final RequestTimeouts timeouts;
    /** The leaders that are not asked now, until then at the latest: a question is under way, or was answered. */
    private final Map<Integer, Long> pausedUntilNanos = new HashMap<>();

    RemainingRecordsExchange(LeaderQuestions questions, boolean readCommitted, RequestTimeouts timeouts) {
        this.questions = questions;
        this.readCommitted = readCommitted;
        this.timeouts = timeouts;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        pausedUntilNanos.values().removeIf(until -> until - turn.nowNanos() <= 0);
        for (int leader : questions.leaders(Kind.RECORDS)) {
            if (!pausedUntilNanos.containsKey(leader)) {
                outbox.readiness(leader, Purpose.CONTROL).accept(new Attempt(outbox, leader, turn.nowNanos()));
            }
        }
    }

    /** The attempt to ask one leader about one partition, of which the answer tells even if there is little room. */
    private final class Attempt implements Readiness.Visitor {
        private final Outbox outbox;
        private final int leader;
        private final long nowNanos;

        Attempt(Outbox outbox, int leader, long nowNanos) {
            this.outbox = outbox;
            this.leader = leader;
            this.nowNanos = nowNanos;
        }

        @Override
        public void ready(Readiness.Ready ready) {
            for (Question question : questions.take(Kind.RECORDS, leader, 1)) {
                FetchPlan plan = plan(question, ready.topicIds());
                RemainingRecordsRequest request =
                        new RemainingRecordsRequest(leader, plan, readCommitted, timeouts.answerNanos());
                if (outbox.send(request, new Asked(question))) {
                    pausedUntilNanos.put(leader, nowNanos + 2 * timeouts.answerNanos());
                } else {
                    questions.dropped(question);
                }
            }
        }

        @Override
        public void notYet(Readiness.NotYet notYet) {
            // A turn is due when that changes.
        }

        @Override
        public void failed(Readiness.Failed failed) {
            questions.drop(Kind.RECORDS, leader);
        }
    }

    private static FetchPlan plan(Question question, boolean topicIds) {
        Uuid topicId = question.leader().topicId();
        int leaderEpoch = question.leader().leaderEpoch();
        return new FetchPlan(
                FetchPlan.Kind.SESSIONLESS,
                FetchPlan.NO_SESSION,
                FetchPlan.FINAL_EPOCH,
                topicIds && !topicId.equals(Uuid.ZERO_UUID),
                Map.of(
                        new TopicIdPartition(topicId, question.partition()),
                        new FetchTarget(question.fetchOffset(), leaderEpoch, FetchTarget.NO_EPOCH, LEAST_BYTES)),
                List.of(),
                true);
    }

    /** What one leader is asked about one partition. */
    private final class Asked implements Reply<RemainingRecordsResponse> {
        private final Question question;

        Asked(Question question) {
            this.question = question;
        }

        @Override
        public void answered(RemainingRecordsResponse found, long nowNanos) {
            int leader = question.leader().leaderId();
            if (found.atRecord()) {
                pausedUntilNanos.put(leader, nowNanos + PAUSE_NANOS);
            } else {
                pausedUntilNanos.remove(leader);
            }
            if (found.emptyTo() >= 0) {
                questions.answeredRecords(question, found.emptyTo(), found.atRecord(), nowNanos);
            } else {
                questions.failed(question, nowNanos);
            }
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            pausedUntilNanos.remove(question.leader().leaderId());
            questions.failed(question, nowNanos);
        }
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        // Questions of a look are due at once, and wait for their broker afterwards.
    }
}
