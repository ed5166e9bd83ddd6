package dev.surefoot.bench.jmh;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.PartitionAnswer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Plans and answers of a session, in topics of ten partitions. */
final class FetchSample {
    static final int SESSION_ID = 4711;

    private static final int PARTITIONS_OF_A_TOPIC = 10;
    private static final int LEADER_EPOCH = 5;
    private static final int MIB = 1024 * 1024;

    private FetchSample() {}

    static TopicIdPartition partition(int number) {
        int topic = number / PARTITIONS_OF_A_TOPIC;
        return new TopicIdPartition(
                new Uuid(1, topic + 1L), new TopicPartition("orders-" + topic, number % PARTITIONS_OF_A_TOPIC));
    }

    static FetchTarget target(long offset) {
        return new FetchTarget(offset, LEADER_EPOCH, LEADER_EPOCH, MIB);
    }

    /** Returns an incremental plan that lists the first partitions. */
    static FetchPlan incremental(int partitions) {
        Map<TopicIdPartition, FetchTarget> told = new LinkedHashMap<>();
        for (int number = 0; number < partitions; number++) {
            told.put(partition(number), target(1_000_000 + number));
        }
        return new FetchPlan(FetchPlan.Kind.INCREMENTAL, SESSION_ID, 7, true, told, List.of(), false);
    }

    /** Returns an answer for these partitions, all with the same records. */
    static FetchAnswer answer(Iterable<TopicIdPartition> partitions, long logEnd, ByteBuffer records) {
        List<PartitionAnswer> answers = new ArrayList<>();
        for (TopicIdPartition partition : partitions) {
            answers.add(new PartitionAnswer(
                    partition.topicId(),
                    null,
                    partition.partition(),
                    BrokerError.NONE,
                    logEnd,
                    logEnd,
                    0,
                    -1,
                    List.of(),
                    null,
                    null,
                    records));
        }
        return new FetchAnswer(BrokerError.NONE, 0, SESSION_ID, answers, List.of(), Lease.NONE);
    }
}
