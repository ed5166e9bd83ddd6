package dev.surefoot.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.cli.doctor.GroupView.Phase;
import dev.surefoot.cli.doctor.PartitionView.Sight;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looks at a real cluster some of whose answers do not come: what was seen before is neither gone nor read. */
@Timeout(180)
@Tag("thorough")
class UnansweredQuestionsTest {

    private static KafkaCluster cluster;

    /** Asks a broker that is not there. */
    private static Admin deaf;

    private final Set<String> unanswered = new HashSet<>();
    private final NotSeen missing = new NotSeen(List.of());
    private String topic = "";
    private Admin admin;

    @BeforeAll
    static void startACluster() {
        cluster = KafkaCluster.builder().start();
        deaf = Admin.create(
                Map.of("bootstrap.servers", "127.0.0.1:1", "request.timeout.ms", 200, "default.api.timeout.ms", 200));
    }

    @AfterAll
    static void endTheCluster() {
        deaf.close(Duration.ZERO);
        cluster.close();
    }

    @BeforeEach
    void commit() throws Exception {
        topic = "t" + System.nanoTime();
        cluster.createTopic(topic, 2, 1);
        cluster.admin()
                .alterConsumerGroupOffsets(
                        topic,
                        Map.of(
                                new TopicPartition(topic, 0), new OffsetAndMetadata(0),
                                new TopicPartition(topic, 1), new OffsetAndMetadata(0)))
                .all()
                .get();
        admin = (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, args) -> {
                    try {
                        return method.invoke(unanswered.contains(method.getName()) ? deaf : cluster.admin(), args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private SampleLook look(String only) {
        Stop stop = new Stop();
        return new SampleLook(
                topic,
                only,
                new GroupLook(admin, stop),
                new PartitionLook(admin, stop, missing),
                List.of(),
                () -> System.nanoTime() / 1_000_000);
    }

    @Test
    void commitsThatAreNotToldLeaveTheirPartitionsInTheReport() {
        SampleLook look = look("");
        look.take();
        unanswered.add("listConsumerGroupOffsets");

        Sample sample = look.take();

        assertThat(sample.partitions()).hasSize(2);
        assertThat(sample.partitions().values())
                .noneMatch(each -> each.commit().known())
                .allMatch(each -> each.sight() == Sight.SEEN);
        assertThat(sample.untold()).hasValueSatisfying(what -> assertThat(what).contains("was not told"));
    }

    @Test
    void topicsThatAreNotDescribedAreNotGone() {
        for (String only : List.of("", topic)) {
            SampleLook look = look(only);
            look.take();
            unanswered.add("describeTopics");

            assertThat(look.take().partitions().values())
                    .hasSize(2)
                    .allMatch(each -> each.sight() == Sight.UNDESCRIBED)
                    .allMatch(each -> each.commit().known());
            unanswered.clear();
        }
        assertThat(missing.take()).anyMatch(each -> each.startsWith("topic " + topic + ": "));
    }

    @Test
    void aTopicThatIsDeletedMeanwhileIsGone() throws Exception {
        SampleLook look = look(topic);
        look.take();
        cluster.admin().deleteTopics(List.of(topic)).all().get();

        Await.until(
                "the topic is gone",
                Duration.ofSeconds(60),
                () -> look.take().partitions().values().stream().allMatch(each -> each.sight() == Sight.GONE));

        assertThat(look.take().partitions()).hasSize(2);
    }

    @Test
    void aGroupWhoseCoordinatorDoesNotAnswerKeepsItsPartitions() {
        SampleLook look = look("");
        look.take();
        unanswered.add("describeConsumerGroups");

        Sample sample = look.take();

        assertThat(sample.group().phase()).isEqualTo(Phase.COORDINATOR_UNREACHABLE);
        assertThat(sample.partitions()).hasSize(2);
    }

    @Test
    void groupsThatDoNotAnswerMayReadATopic() {
        GroupChoice choice = new GroupChoice(admin, new Stop(), cluster.bootstrapServers(), 1);
        assertThat(choice.of(null, topic)).isEqualTo(new GroupChoice.Chosen(List.of(topic), List.of()));

        unanswered.add("describeConsumerGroups");
        assertThat(choice.of(null, topic).groups()).contains(topic);

        unanswered.clear();
        unanswered.add("listConsumerGroupOffsets");
        assertThat(choice.of(null, topic).groups()).contains(topic);
    }
}
