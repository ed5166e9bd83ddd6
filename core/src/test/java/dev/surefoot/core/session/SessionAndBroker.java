package dev.surefoot.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.model.ModelBatches;
import dev.surefoot.core.model.ModelBrokerSessions;
import dev.surefoot.core.time.Backoff;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A session under test opposite a model broker, with virtual time. Records are one to a batch, up to each partition's
 * end.
 */
final class SessionAndBroker {
    static final long SECOND = 1_000_000_000L;
    static final long AUDIT_NANOS = 30 * SECOND;
    static final long BACKOFF_NANOS = SECOND / 10;

    final VerifiedFetchSession session;
    final ModelBrokerSessions broker = new ModelBrokerSessions(this::read);
    final Map<TopicPartition, Long> endOffsets = new HashMap<>();
    final Map<TopicPartition, BrokerError> errors = new HashMap<>();
    final Map<String, Uuid> ids = new HashMap<>();
    boolean topicIds = true;
    long now = SECOND;

    SessionAndBroker() {
        this(new VerifiedFetchSession(true, AUDIT_NANOS, backoff()));
    }

    private SessionAndBroker(VerifiedFetchSession session) {
        this.session = session;
    }

    /** A client that asks for no session. */
    static SessionAndBroker withoutSessions() {
        return new SessionAndBroker(new VerifiedFetchSession(false, AUDIT_NANOS, backoff()));
    }

    /** A pair that agrees on another first epoch than the protocol's 1. */
    SessionAndBroker(int firstEpoch) {
        this(new VerifiedFetchSession(true, AUDIT_NANOS, backoff(), firstEpoch));
        broker.firstEpoch(firstEpoch);
    }

    private static Backoff backoff() {
        return new Backoff(BACKOFF_NANOS, SECOND, new SplittableRandom(1));
    }

    static TopicPartition tp(String topic, int partition) {
        return new TopicPartition(topic, partition);
    }

    static FetchTarget at(long offset) {
        return new FetchTarget(offset, 3, -1, 1 << 20);
    }

    /** The id of a topic: made of its name until it is created again. */
    Uuid id(String topic) {
        return ids.computeIfAbsent(topic, name -> {
            UUID made = UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return new Uuid(made.getMostSignificantBits(), made.getLeastSignificantBits());
        });
    }

    TopicIdPartition key(String topic, int partition) {
        return new TopicIdPartition(id(topic), tp(topic, partition));
    }

    void want(String topic, int partition, long offset) {
        session.want(tp(topic, partition), id(topic), at(offset));
    }

    void unwant(String topic, int partition) {
        session.unwant(tp(topic, partition));
    }

    FetchPlan plan() {
        return session.plan(topicIds, true, now);
    }

    /** Plans and marks the plan sent, without anyone answering it yet. */
    FetchPlan send() {
        FetchPlan plan = plan();
        session.sent(plan);
        return plan;
    }

    Verdict answer(FetchPlan plan, FetchAnswer answer) {
        return session.answered(plan, answer, now);
    }

    /** One undisturbed exchange; what broker and client hold must agree after it. */
    Verdict.Accepted exchange() {
        FetchPlan plan = send();
        Verdict verdict = answer(plan, broker.serve(plan));
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        assertInStep();
        return (Verdict.Accepted) verdict;
    }

    /** Answers the outstanding plan with these partitions, within its session. */
    Verdict answer(FetchPlan plan, PartitionAnswer... partitions) {
        return answer(plan, ModelAnswers.answer(plan.sessionId(), List.of(partitions)));
    }

    /** The master oracle (I11): a live session holds at the broker just what the client believes it holds. */
    void assertInStep() {
        SessionBelief belief = session.belief();
        if (belief.state() == SessionBelief.State.LIVE) {
            assertThat(belief.told()).isEqualTo(broker.held(belief.sessionId()));
            assertThat(belief.nextEpoch()).isEqualTo(broker.epoch(belief.sessionId()));
        } else {
            assertThat(belief.told()).isEmpty();
        }
    }

    private PartitionAnswer read(TopicIdPartition key, FetchTarget target) {
        TopicPartition partition = key.topicPartition();
        BrokerError error = errors.getOrDefault(partition, BrokerError.NONE);
        if (error != BrokerError.NONE) {
            return ModelAnswers.error(key, error);
        }
        long end = endOffsets.getOrDefault(partition, 0L);
        return target.fetchOffset() < end
                ? ModelAnswers.records(key, end, ModelBatches.batch(target.fetchOffset(), 1, 3))
                : ModelAnswers.marks(key, end);
    }
}
