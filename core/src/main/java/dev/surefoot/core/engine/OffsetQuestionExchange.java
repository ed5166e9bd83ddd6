package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsRequest;
import dev.surefoot.core.engine.OffsetLookupExchange.ListOffsetsResponse;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;

/** Asks leaders the application's questions about offsets (ListOffsets). Owned by the loop's thread. */
final class OffsetQuestionExchange implements Requester {
    private enum Due implements Deadlines.Name {
        /** The back-off of an application's question ends. */
        QUESTION_RETRY
    }

    private final Questions questions;
    private final Reachability reachability;
    private final MetadataRefresh refresh;
    private final RequestTimeouts timeouts;

    OffsetQuestionExchange(
            Questions questions, Reachability reachability, MetadataRefresh refresh, RequestTimeouts timeouts) {
        this.questions = questions;
        this.reachability = reachability;
        this.refresh = refresh;
        this.timeouts = timeouts;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        for (Questions.DueOffsets due : questions.offsetsDue(turn.nowNanos())) {
            ask(outbox, due, turn.nowNanos());
        }
    }

    private void ask(Outbox outbox, Questions.DueOffsets due, long nowNanos) {
        Readiness readiness = reachability.leaderReadiness(outbox, due.leader());
        RequestFailure failure = readiness.failure();
        if (failure != null && failure.isRefusal()) {
            questions.offsetsFailed(due, failure, nowNanos);
        } else if (readiness.isReady()
                && outbox.send(
                        new ListOffsetsRequest(due.leader(), due.query(), timeouts.answerNanos()),
                        new QuestionReply(due))) {
            questions.offsetsAsked(due);
        }
    }

    private final class QuestionReply implements Reply<ListOffsetsResponse> {
        private final Questions.DueOffsets asked;

        QuestionReply(Questions.DueOffsets asked) {
            this.asked = asked;
        }

        @Override
        public void answered(ListOffsetsResponse found, long nowNanos) {
            if (questions.offsetsAnswered(asked, found.answer(), nowNanos)) {
                refresh.request();
            }
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            questions.offsetsFailed(asked, failure, nowNanos);
            refresh.request();
        }
    }

    /** Enters the next end of a question's back-off, questions about topics included. */
    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        deadlines.enter(Due.QUESTION_RETRY, questions.nextDue(nowNanos));
    }
}
