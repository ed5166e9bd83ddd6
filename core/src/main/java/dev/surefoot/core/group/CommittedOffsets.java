package dev.surefoot.core.group;

import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.position.Effect;
import dev.surefoot.core.position.PositionRepair;
import dev.surefoot.core.position.Positions;
import dev.surefoot.core.position.TrackedPartition;
import dev.surefoot.core.time.Backoff;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Asks the coordinator for the offsets that the group has committed (OffsetFetch): to place partitions that are
 * assigned without a position, and to answer the application's questions. Nothing is kept of an answer, so that none is
 * used for a later ownership of the same partition. Owned by the loop's thread.
 */
public final class CommittedOffsets implements Requester {
    /** Takes the answers to the application's questions. */
    public interface Answers {
        /** @param offsets of the partitions asked for, without those that have none */
        void found(long questionId, Map<TopicPartition, OffsetAndMetadata> offsets);

        /** The question has no answer, and a retry cannot help. */
        void failed(long questionId, KafkaException cause);

        /** The question has no answer yet for this reason, and is asked again. */
        void delayed(long questionId, KafkaException cause);
    }

    private enum Due implements Deadlines.Name {
        /** A question about committed offsets may be asked again. */
        COMMITTED_RETRY
    }

    private final GroupSettings settings;
    private final Coordinator coordinator;
    private final MemberStanding membership;
    private final Commits commits;
    private final TopicDirectory topics;
    private final UnplacedPartitions unplaced;
    private final CommittedQuestions questions;

    /**
     * @param commits of the same consumer, of which the answers have to know
     * @param topics the ids of topics
     * @param backoff the delays before a question is asked again
     * @param placed applies what follows for positions, at a time in nanoseconds of the loop's clock
     */
    public CommittedOffsets(
            GroupSettings settings,
            Coordinator coordinator,
            MemberStanding membership,
            Commits commits,
            TopicDirectory topics,
            Positions positions,
            PositionRepair repair,
            Backoff backoff,
            ObjLongConsumer<List<Effect>> placed,
            Consumer<GroupEffect> effects,
            Answers answers) {
        this.settings = settings;
        this.coordinator = coordinator;
        this.membership = membership;
        this.commits = commits;
        this.topics = topics;
        this.unplaced = new UnplacedPartitions(positions, repair, placed, effects);
        this.questions = new CommittedQuestions(coordinator, backoff, answers);
    }

    /** Asks for the committed offsets of these partitions, on behalf of the application. */
    public void ask(long questionId, Set<TopicPartition> partitions) {
        questions.ask(questionId, partitions);
    }

    /** Cancels a question, which then gets no answer; does nothing if it has one. */
    public void cancel(long questionId) {
        questions.cancel(questionId);
    }

    /** Whether a transaction that commits an offset of the partition has not ended, so that the offset is not known. */
    public boolean isUnstable(TrackedPartition partition) {
        return unplaced.isUnstable(partition);
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        long nowNanos = turn.nowNanos();
        questions.endUnattainable();
        Map<TopicPartition, TrackedPartition> toPlace = unplaced.due(identity(), coordinator.instance(), nowNanos);
        List<CommittedQuestions.Question> toAnswer = questions.due(nowNanos);
        if ((toPlace.isEmpty() && toAnswer.isEmpty()) || awaitsCommits()) {
            return;
        }
        if (!toPlace.isEmpty()) {
            coordinator.need();
        }
        Coordinator.Instance ready = coordinator.reach(outbox, over());
        if (ready != null) {
            place(outbox, ready, toPlace);
            toAnswer.forEach(question -> answer(outbox, ready, question));
        }
    }

    /**
     * The connection to ask over. A coordinator that waits for other members may hold back a JoinGroup for minutes, and
     * what is behind it on its connection.
     */
    private Purpose over() {
        return membership.isHeldBack() ? Purpose.CONTROL : Purpose.COORDINATOR;
    }

    /** A request over the other connection could overtake commits; before what is held back, they are answered soon. */
    private boolean awaitsCommits() {
        return membership.isHeldBack() && !commits.areSettled(commits.submitted());
    }

    private void place(Outbox outbox, Coordinator.Instance to, Map<TopicPartition, TrackedPartition> toPlace) {
        if (toPlace.isEmpty()) {
            return;
        }
        OffsetFetchRequest request = request(to, toPlace.keySet());
        UnplacedPartitions.Lookup lookup = unplaced.lookup(toPlace, request.identity(), to);
        if (outbox.send(request, new PlacingReply(lookup))) {
            unplaced.asked(lookup);
        }
    }

    private void answer(Outbox outbox, Coordinator.Instance to, CommittedQuestions.Question question) {
        if (outbox.send(request(to, question.partitions()), new QuestionReply(question, to))) {
            questions.asked(question);
        }
    }

    private OffsetFetchRequest request(Coordinator.Instance to, Set<TopicPartition> partitions) {
        Map<String, Uuid> ids = new HashMap<>();
        partitions.forEach(partition -> ids.put(partition.topic(), topics.id(partition.topic())));
        return new OffsetFetchRequest(
                to.node().id(),
                identity(),
                partitions,
                ids,
                over(),
                settings.timing().requestTimeoutNanos());
    }

    /** Only the consumer protocol has the coordinator check who asks. */
    private MemberIdentity identity() {
        return settings.protocol() == GroupSettings.Protocol.CONSUMER && membership.isMember()
                ? membership.identity()
                : MemberIdentity.none(settings.groupId(), null);
    }

    /** Looks for another coordinator if this failure calls for it; returns the reason if it is for the application. */
    private @Nullable KafkaException unanswered(Coordinator.Instance asked, RequestFailure failure) {
        return switch (failure.kind()) {
            case AUTHENTICATION, UNSUPPORTED_VERSION -> failure.cause();
            case DISCONNECTED, TIMED_OUT, MALFORMED -> {
                coordinator.forget(
                        asked,
                        "a look-up of committed offsets was not answered: "
                                + failure.cause().getMessage());
                yield null;
            }
        };
    }

    private final class PlacingReply implements Reply<OffsetFetchResponse> {
        private final UnplacedPartitions.Lookup lookup;

        PlacingReply(UnplacedPartitions.Lookup lookup) {
            this.lookup = lookup;
        }

        @Override
        public void answered(OffsetFetchResponse response, long nowNanos) {
            if (unplaced.answered(lookup, new OffsetFetchAnswer(settings.groupId(), response), nowNanos)) {
                coordinator.forget(lookup.asked(), "it coordinates the group no longer");
            } else {
                coordinator.confirm(lookup.asked());
            }
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            KafkaException lasting = unanswered(lookup.asked(), failure);
            if (lasting != null) {
                unplaced.refused(lookup, lasting, nowNanos);
            } else {
                unplaced.failed(lookup, failure.cause(), nowNanos);
            }
        }
    }

    private final class QuestionReply implements Reply<OffsetFetchResponse> {
        private final CommittedQuestions.Question question;
        private final Coordinator.Instance to;

        QuestionReply(CommittedQuestions.Question question, Coordinator.Instance to) {
            this.question = question;
            this.to = to;
        }

        @Override
        public void answered(OffsetFetchResponse response, long nowNanos) {
            if (questions.answered(question, new OffsetFetchAnswer(settings.groupId(), response), nowNanos)) {
                coordinator.forget(to, "it coordinates the group no longer");
            } else {
                coordinator.confirm(to);
            }
        }

        @Override
        public void failed(RequestFailure failure, long nowNanos) {
            KafkaException lasting = unanswered(to, failure);
            if (lasting != null) {
                questions.fail(List.of(question), lasting);
            } else {
                questions.failed(question, failure.cause(), nowNanos);
            }
        }
    }

    /**
     * Enters the times of questions. Back-offs of partitions are those of their positions, which another requester
     * enters.
     */
    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        deadlines.enter(Due.COMMITTED_RETRY, questions.nextDueNanos(nowNanos));
    }
}
