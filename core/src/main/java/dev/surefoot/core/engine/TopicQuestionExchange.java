package dev.surefoot.core.engine;

import dev.surefoot.core.cluster.MetadataQuery;
import dev.surefoot.core.cluster.MetadataRefresh;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;

/** Asks any broker the application's questions about topics (Metadata). Owned by the loop's thread. */
final class TopicQuestionExchange implements Requester {
    private final Questions questions;
    private final AnyBroker anyBroker;
    private final Reachability reachability;
    private final MetadataRefresh refresh;
    private final RequestTimeouts timeouts;

    TopicQuestionExchange(
            Questions questions,
            AnyBroker anyBroker,
            Reachability reachability,
            MetadataRefresh refresh,
            RequestTimeouts timeouts) {
        this.questions = questions;
        this.anyBroker = anyBroker;
        this.reachability = reachability;
        this.refresh = refresh;
        this.timeouts = timeouts;
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        for (OpenQuestion due : questions.topicsDue(turn.nowNanos())) {
            BrokerChoice.Choice choice = anyBroker.choose(outbox, turn.nowNanos());
            if (choice.failure() != null) {
                questions.topicsFailed(due, choice.failure(), turn.nowNanos());
                reachability.raiseRefusal(choice.failure());
            } else if (choice.found() && outbox.send(request(choice.nodeId(), due), new QuestionReply(due))) {
                due.topicsAsked = true;
            }
        }
    }

    private MetadataRequest request(int nodeId, OpenQuestion due) {
        Question.Topics question = due.topics();
        MetadataQuery query = new MetadataQuery(question.topics(), question.allowAutoTopicCreation());
        return new MetadataRequest(nodeId, query, timeouts.answerNanos());
    }

    private final class QuestionReply implements Reply<MetadataResponse> {
        private final OpenQuestion asked;

        QuestionReply(OpenQuestion asked) {
            this.asked = asked;
        }

        @Override
        public void answered(MetadataResponse described, long nowNanos) {
            questions.topicsAnswered(asked, described.answer(), nowNanos);
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            questions.topicsFailed(asked, failure, nowNanos);
            anyBroker.tryNext();
            refresh.request();
        }
    }

    /** Enters nothing: {@link OffsetQuestionExchange} enters the back-off of all questions. */
    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {}
}
