package dev.surefoot.core.engine;

import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.guard.LeaderQuestions;
import dev.surefoot.core.guard.LeaderQuestions.Kind;
import dev.surefoot.core.guard.LeaderQuestions.Question;
import dev.surefoot.core.position.ListOffsetsAnswer.PartitionOffset;
import dev.surefoot.core.position.ListOffsetsQuery;
import dev.surefoot.core.position.ListOffsetsQuery.PartitionTimestamp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks leaders for offsets that the guard wants to know to name a cause (ListOffsets). A question waits while the
 * connection is not ready. Owned by the loop's thread.
 */
final class LeaderQuestionsExchange implements Requester {
    /** The most partitions of one request. */
    private static final int PARTITIONS_MAX = 1_000;

    private final LeaderQuestions questions;
    private final boolean readCommitted;
    private final RequestTimeouts timeouts;

    LeaderQuestionsExchange(LeaderQuestions questions, boolean readCommitted, RequestTimeouts timeouts) {
        this.questions = questions;
        this.readCommitted = readCommitted;
        this.timeouts = timeouts;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        dispatch(outbox, Kind.END, ListOffsetsQuery.LATEST);
        dispatch(outbox, Kind.LOCAL_START, ListOffsetsQuery.EARLIEST_LOCAL);
    }

    private void dispatch(Outbox outbox, Kind kind, long timestamp) {
        for (int leader : questions.leaders(kind)) {
            outbox.readiness(leader, Purpose.CONTROL).accept(new Attempt(outbox, kind, timestamp, leader));
        }
    }

    /** The attempt to ask one leader. */
    private final class Attempt implements Readiness.Visitor {
        private final Outbox outbox;
        private final Kind kind;
        private final long timestamp;
        private final int leader;

        Attempt(Outbox outbox, Kind kind, long timestamp, int leader) {
            this.outbox = outbox;
            this.kind = kind;
            this.timestamp = timestamp;
            this.leader = leader;
        }

        @Override
        public void ready(Readiness.Ready ready) {
            Asked asked = new Asked(questions.take(kind, leader, PARTITIONS_MAX));
            ListOffsetsQuery query = asked.query(timestamp);
            if (!query.partitions().isEmpty()
                    && !outbox.send(new ListOffsetsRequest(leader, query, timeouts.answerNanos()), asked)) {
                asked.of.forEach(questions::dropped);
            }
        }

        @Override
        public void notYet(Readiness.NotYet notYet) {
            // A turn is due when that changes.
        }

        @Override
        public void failed(Readiness.Failed failed) {
            questions.drop(kind, leader);
        }
    }

    /** What one leader is asked. */
    private final class Asked implements Reply<ListOffsetsResponse> {
        private final List<Question> of;

        Asked(List<Question> of) {
            this.of = of;
        }

        ListOffsetsQuery query(long timestamp) {
            Map<TopicPartition, PartitionTimestamp> partitions = new LinkedHashMap<>();
            for (Question question : of) {
                int epoch = question.leader().leaderEpoch();
                partitions.put(question.partition(), new PartitionTimestamp(timestamp, epoch));
            }
            return new ListOffsetsQuery(readCommitted, partitions);
        }

        @Override
        public void answered(ListOffsetsResponse found, long nowNanos) {
            for (Question question : of) {
                PartitionOffset told = found.answer().partitions().get(question.partition());
                if (told != null && told.error() == BrokerError.NONE && told.offset() >= 0) {
                    questions.answered(question, told.offset(), nowNanos);
                } else {
                    questions.failed(question, nowNanos);
                }
            }
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            // A broker that does not know the question is asked again when the time has come.
            if (failure.kind() != RequestFailure.Kind.UNSUPPORTED_VERSION) {
                of.forEach(question -> questions.failed(question, nowNanos));
            }
        }
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        // Questions of a look are due at once, and wait for their broker afterwards.
    }
}
