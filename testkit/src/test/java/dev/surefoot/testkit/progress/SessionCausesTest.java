package dev.surefoot.testkit.progress;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.progress.StallCause;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.exchange.ChangedAnswers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The causes for which a broker has to answer wrongly. The answers are those of a real broker, and are altered on their
 * way to the sound session. Nothing is tried for the partition, so that the cause lasts.
 */
@Tag("soak")
@Timeout(300)
class SessionCausesTest {
    private static final CauseTable TABLE = new CauseTable("causes of fetch sessions; surefoot.stall.patience.ms=1500,"
            + " surefoot.session.audit.interval.ms=1000, surefoot.recovery=off");
    private static final TopicIdPartition STRANGER = new TopicIdPartition(new Uuid(5, 7), 0, "stranger");
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static KafkaCluster cluster;
    private static int topics;

    private final AtomicReference<Alteration> alteration = new AtomicReference<>((plan, answer) -> answer);

    /** Returns what the session is given instead of an answer. */
    private interface Alteration {
        FetchAnswer of(FetchPlan plan, FetchAnswer answer);
    }

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder().start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        TABLE.print();
    }

    private static TopicPartition written() throws Exception {
        String name = "of-sessions-" + ++topics;
        cluster.createTopic(name, 1, 1);
        TopicPartition partition = new TopicPartition(name, 0);
        Written.to(cluster, partition, 1, 10);
        return partition;
    }

    private FetchSession altering(FetchSession sound) {
        return (FetchSession) Proxy.newProxyInstance(
                FetchSession.class.getClassLoader(),
                new Class<?>[] {FetchSession.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("answered")) {
                        arguments[1] = alteration.get().of((FetchPlan) arguments[0], (FetchAnswer) arguments[1]);
                    }
                    try {
                        return method.invoke(sound, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Watched reader(TopicPartition partition) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.put("surefoot.stall.patience.ms", 1_500);
        config.put("surefoot.session.audit.interval.ms", 1_000);
        config.put("surefoot.recovery", "off");
        Seams seams = new Seams(UnaryOperator.identity(), verified -> nodeId -> altering(verified.open(nodeId)));
        return Watched.open(config, seams, consumer -> consumer.assign(List.of(partition)));
    }

    private static Alteration eachPartition(UnaryOperator<PartitionAnswer> change) {
        return (plan, answer) -> ChangedAnswers.withPartitions(
                answer, answer.partitions().stream().map(change).toList());
    }

    /** Names the partition with the end of its log when it is asked for anew, and not any more after that. */
    private static FetchAnswer withoutRecords(FetchPlan plan, FetchAnswer answer) {
        List<PartitionAnswer> left = plan.partitions().isEmpty() ? List.of() : answer.partitions();
        return ChangedAnswers.withPartitions(
                answer,
                left.stream()
                        .map(each -> ChangedAnswers.withRecords(each, NOTHING))
                        .toList());
    }

    private static PartitionAnswer failed(PartitionAnswer answer) {
        return new PartitionAnswer(
                answer.topicId(),
                answer.topic(),
                answer.partition(),
                BrokerError.UNKNOWN_SERVER_ERROR,
                -1,
                -1,
                -1,
                -1,
                List.of(),
                null,
                null,
                NOTHING);
    }

    @Test
    void theBrokerDoesNotNameThePartition() throws Exception {
        TopicPartition partition = written();
        try (Watched watched = reader(partition)) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(() -> {
                alteration.set(SessionCausesTest::withoutRecords);
                Written.to(cluster, partition, 1, 10);
            });
            watched.within(10)
                    .record(
                            TABLE,
                            partition,
                            StallCause.PARTITION_LOST_FROM_SESSION,
                            "answers without the partition, which has a record");
        }
    }

    @Test
    void theBrokerNamesAnotherPartition() throws Exception {
        TopicPartition partition = written();
        try (Watched watched = reader(partition)) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(() -> {
                alteration.set((plan, answer) -> {
                    List<PartitionAnswer> more = new ArrayList<>(answer.partitions());
                    more.add(ChangedAnswers.served(STRANGER, 0, NOTHING));
                    return ChangedAnswers.withPartitions(answer, more);
                });
                Written.to(cluster, partition, 1, 10);
            });
            watched.within(10)
                    .record(
                            TABLE,
                            partition,
                            StallCause.SESSION_DIVERGED,
                            "a partition in each answer that was not asked for");
        }
    }

    @Test
    void theBrokerAnswersWithAnError() throws Exception {
        TopicPartition partition = written();
        try (Watched watched = reader(partition)) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(() -> {
                alteration.set(eachPartition(SessionCausesTest::failed));
                Written.to(cluster, partition, 1, 10);
            });
            watched.within(5)
                    .record(TABLE, partition, StallCause.BROKER_ERRORS, "UNKNOWN_SERVER_ERROR for the partition");
        }
    }

    @Test
    void theBrokerSendsWhatWasReadBefore() throws Exception {
        TopicPartition partition = written();
        AtomicReference<ByteBuffer> first = new AtomicReference<>(NOTHING);
        alteration.set(eachPartition(answer -> {
            if (answer.records().hasRemaining()) {
                ByteBuffer copy = ByteBuffer.allocate(answer.records().remaining());
                first.set(copy.put(answer.records().duplicate()).flip());
            }
            return answer;
        }));
        try (Watched watched = reader(partition)) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            ByteBuffer read = first.get();
            watched.inject(() -> {
                alteration.set(eachPartition(answer -> answer.records().hasRemaining()
                        ? ChangedAnswers.withRecords(answer, read.duplicate())
                        : answer));
                Written.to(cluster, partition, 1, 10);
            });
            watched.within(10)
                    .record(
                            TABLE,
                            partition,
                            StallCause.LOG_DOES_NOT_LEAD_ON,
                            "a record below the position, ever again");
        }
    }
}
