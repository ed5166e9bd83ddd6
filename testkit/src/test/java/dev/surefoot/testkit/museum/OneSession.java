package dev.surefoot.testkit.museum;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** The session of one exhibit, with requests and answers made by hand and a clock that stands still. */
final class OneSession {
    static final long SECOND = 1_000_000_000L;
    static final long AUDIT_NANOS = 30 * SECOND;

    /** The id that answers to full requests grant. */
    static final int GRANTED = 7;

    final FetchSession session;
    private final Map<String, Uuid> ids = new LinkedHashMap<>();
    long now = SECOND;

    OneSession(String exhibit) {
        this(Exhibit.byId(exhibit));
    }

    OneSession(Exhibit exhibit) {
        session = exhibit.seams().sessions().apply(nodeId -> sound()).open(1);
    }

    static FetchSession sound() {
        Backoff backoff = new Backoff(SECOND / 10, SECOND, new SplittableRandom(1));
        return new VerifiedFetchSession(true, AUDIT_NANOS, backoff);
    }

    static TopicPartition tp(String topic, int partition) {
        return new TopicPartition(topic, partition);
    }

    static FetchTarget at(long offset) {
        return at(offset, 3);
    }

    static FetchTarget at(long offset, int leaderEpoch) {
        return new FetchTarget(offset, leaderEpoch, FetchTarget.NO_EPOCH, 1 << 20);
    }

    TopicIdPartition key(String topic, int partition) {
        return new TopicIdPartition(ids.computeIfAbsent(topic, OneSession::id), tp(topic, partition));
    }

    void createAgain(String topic) {
        ids.put(topic, id(ids.get(topic).toString()));
    }

    private static Uuid id(String seed) {
        UUID made = UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
        return new Uuid(made.getMostSignificantBits(), made.getLeastSignificantBits());
    }

    void want(String topic, int partition, FetchTarget target) {
        TopicIdPartition key = key(topic, partition);
        session.want(key.topicPartition(), key.topicId(), target);
    }

    FetchPlan plan() {
        return session.plan(true, true, now);
    }

    FetchPlan send() {
        FetchPlan plan = plan();
        session.sent(plan);
        return plan;
    }

    Verdict answer(FetchPlan plan, FetchAnswer answer) {
        return session.answered(plan, answer, now);
    }

    Verdict answer(FetchPlan plan, PartitionAnswer... partitions) {
        int sessionId = plan.kind() == FetchPlan.Kind.INCREMENTAL ? plan.sessionId() : GRANTED;
        return answer(plan, answer(sessionId, partitions));
    }

    /** Wants partitions 0 and 1 of this topic from offset 0 on, and has a session opened for them. */
    OneSession opened(String topic) {
        want(topic, 0, at(0));
        want(topic, 1, at(0));
        answer(send(), marks(key(topic, 0)), marks(key(topic, 1)));
        return this;
    }

    static FetchAnswer answer(int sessionId, PartitionAnswer... partitions) {
        return new FetchAnswer(BrokerError.NONE, 0, sessionId, List.of(partitions), List.of(), Lease.NONE);
    }

    static FetchAnswer refused(BrokerError error) {
        return new FetchAnswer(error, 0, 0, List.of(), List.of(), Lease.NONE);
    }

    static FetchAnswer throttled(int sessionId) {
        return new FetchAnswer(BrokerError.NONE, 100, sessionId, List.of(), List.of(), Lease.NONE);
    }

    static PartitionAnswer marks(TopicIdPartition key) {
        return partition(key, BrokerError.NONE, ByteBuffer.allocate(0));
    }

    static PartitionAnswer error(TopicIdPartition key, BrokerError error) {
        return partition(key, error, ByteBuffer.allocate(0));
    }

    /** One batch with one record. */
    static PartitionAnswer record(TopicIdPartition key, long offset) {
        return partition(key, BrokerError.NONE, batch(offset));
    }

    private static PartitionAnswer partition(TopicIdPartition key, BrokerError error, ByteBuffer records) {
        long marks = error == BrokerError.NONE ? 1_000 : -1;
        return new PartitionAnswer(
                key.topicId(), null, key.partition(), error, marks, marks, 0, -1, List.of(), null, null, records);
    }

    /** A true header of format v2 (KIP-98) without a payload. */
    private static ByteBuffer batch(long offset) {
        ByteBuffer batch = ByteBuffer.allocate(61);
        batch.putLong(0, offset);
        batch.putInt(8, batch.capacity() - 12);
        batch.putInt(12, 3); // partition leader epoch
        batch.put(16, (byte) 2);
        batch.putLong(43, -1); // producer id
        batch.putShort(51, (short) -1);
        batch.putInt(53, -1);
        batch.putInt(57, 1); // number of records
        return batch;
    }
}
