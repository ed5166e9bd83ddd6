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
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * Asks leaders whether their logs have records from a position on, for the guard, which so tells a session that has
 * lost a partition from a log of which compaction has left nothing. It asks by a Fetch request outside of all sessions
 * (KIP-227), so that no session takes part in the answer. A question that cannot be asked now, or fails, is dropped:
 * the guard asks again at its next look if it still wants to know. Owned by the loop's thread.
 */
public final class RemainingRecordsExchange implements Requester {
    /** A broker sends one batch at least if there is any, but only of the first partition of a request (KIP-74). */
    private static final int LEAST_BYTES = 1;

    /**
     * A Fetch request about one partition, for an answer at once with one batch at most.
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
     * @param emptyTo the offset up to which the log has no records from the position on, or -1 if the broker does not
     *     say
     */
    public record RemainingRecordsResponse(int throttleTimeMs, long emptyTo) implements Answer {
        private static final long UNTOLD = -1;

        /** What an answer says, which is not used afterwards. */
        public static RemainingRecordsResponse of(RemainingRecordsRequest request, FetchAnswer answer) {
            long emptyTo =
                    answer.error() == BrokerError.NONE && answer.partitions().size() == 1
                            ? emptyTo(answer.partitions().get(0), request.readCommitted())
                            : UNTOLD;
            return new RemainingRecordsResponse(answer.throttleTimeMs(), emptyTo);
        }

        private static long emptyTo(PartitionAnswer answer, boolean readCommitted) {
            boolean isRead = answer.error() == BrokerError.NONE
                    && answer.divergingEpoch() == null
                    && answer.preferredReadReplica() < 0;
            if (!isRead) {
                return UNTOLD;
            }
            if (!answer.records().hasRemaining()) {
                return readCommitted ? answer.lastStableOffset() : answer.highWatermark();
            }
            boolean hasOffset = answer.records().remaining() >= Long.BYTES;
            return hasOffset ? answer.records().getLong(answer.records().position()) : 0;
        }
    }

    private final LeaderQuestions questions;
    private final boolean readCommitted;
    private final RequestTimeouts timeouts;

    RemainingRecordsExchange(LeaderQuestions questions, boolean readCommitted, RequestTimeouts timeouts) {
        this.questions = questions;
        this.readCommitted = readCommitted;
        this.timeouts = timeouts;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        for (int leader : questions.leaders(Kind.RECORDS)) {
            outbox.readiness(leader, Purpose.CONTROL).accept(new Attempt(outbox, leader));
        }
    }

    /** The attempt to ask one leader about one partition, of which the answer tells even if there is little room. */
    private final class Attempt implements Readiness.Visitor {
        private final Outbox outbox;
        private final int leader;

        Attempt(Outbox outbox, int leader) {
            this.outbox = outbox;
            this.leader = leader;
        }

        @Override
        public void ready(Readiness.Ready ready) {
            for (Question question : questions.take(Kind.RECORDS, leader, 1)) {
                FetchPlan plan = plan(question, ready.topicIds());
                RemainingRecordsRequest request =
                        new RemainingRecordsRequest(leader, plan, readCommitted, timeouts.answerNanos());
                if (!outbox.send(request, new Asked(question))) {
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
            if (found.emptyTo() >= 0) {
                questions.answered(question, found.emptyTo(), nowNanos);
            } else {
                questions.dropped(question);
            }
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            questions.dropped(question);
        }
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        // Questions of a look are due at once, and wait for their broker afterwards.
    }
}
