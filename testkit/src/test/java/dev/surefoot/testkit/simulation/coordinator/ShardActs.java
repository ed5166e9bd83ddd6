package dev.surefoot.testkit.simulation.coordinator;

import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;

/** What happens to both coordinators at once where the real one has no broker and no clock of its own. */
final class ShardActs {
    private static final Node HOST = new Node(0, "localhost", 1);
    private static final long[] PRODUCERS = {1001, 1002};

    private final CoordinatorTwins twins;
    private final ClassicShard shard;
    private final SplittableRandom random;

    ShardActs(CoordinatorTwins twins, ClassicShard shard, SplittableRandom random) {
        this.twins = twins;
        this.shard = shard;
        this.random = random;
    }

    void act() {
        int draw = random.nextInt(100);
        if (draw < 60) {
            letTimePass(random.nextInt(3) == 0 ? random.nextLong(20_000) : untilDeadline());
        } else if (draw < 70) {
            reload(random.nextInt(3) == 0 ? random.nextInt(1, 4) : 0);
        } else if (draw < 80 && !twins.model().members(twins.groupId()).isEmpty()) {
            twins.model().failWrites(Errors.COORDINATOR_NOT_AVAILABLE, 1);
            shard.failNextWrite();
        } else {
            endTransaction(PRODUCERS[random.nextInt(PRODUCERS.length)], random.nextBoolean());
        }
    }

    void endTransaction(long producer, boolean commit) {
        twins.note("end transaction of " + producer + ", commit " + commit);
        twins.model().endTransaction(producer, commit);
        shard.endTransaction(producer, commit);
    }

    private long untilDeadline() {
        long deadlineMs = Math.min(twins.model().nextDeadlineMs(), shard.nextDeadlineMs());
        return deadlineMs == Long.MAX_VALUE || deadlineMs > twins.nowMs() + 1_000_000 ? 1 : deadlineMs - twins.nowMs();
    }

    /** Stops at each deadline of either side. */
    void letTimePass(long ms) {
        long toMs = twins.nowMs() + ms;
        while (twins.nowMs() < toMs) {
            long deadlineMs = Math.min(twins.model().nextDeadlineMs(), shard.nextDeadlineMs());
            long nextMs = Math.max(twins.nowMs() + 1, Math.min(toMs, deadlineMs));
            shard.turn(nextMs);
            twins.turn(nextMs);
        }
    }

    /** Moves the coordinator away and back, without its newest writes. */
    void reload(int lostWrites) {
        twins.note("reload without the last " + lostWrites);
        // A write that creates a group never fails here: a shard alone does not take it back.
        twins.model().failWrites(Errors.NONE, 0);
        shard.reload(lostWrites);
        twins.model().loseWrites(lostWrites);
        twins.model().move(HOST, twins.nowMs(), 0, 0);
        twins.turn(twins.nowMs());
    }

    /** A commit that waits for the end of a transaction. */
    TxnOffsetCommitRequestData transactionalCommit(String member, int generation) {
        return new TxnOffsetCommitRequestData()
                .setTransactionalId("t")
                .setProducerId(PRODUCERS[random.nextInt(PRODUCERS.length)])
                .setGroupId(twins.groupId())
                .setMemberId(member)
                .setGenerationId(generation)
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName("a")
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(random.nextInt(3))
                                .setCommittedOffset(random.nextInt(1000))
                                .setCommittedMetadata("in a transaction")))));
    }
}
