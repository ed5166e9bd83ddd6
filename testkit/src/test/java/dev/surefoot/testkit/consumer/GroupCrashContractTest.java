package dev.surefoot.testkit.consumer;

import static dev.surefoot.testkit.consumer.Members.LONG;
import static dev.surefoot.testkit.consumer.Members.SHORT;
import static dev.surefoot.testkit.consumer.Members.pollUntilAssigned;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.consumer.Members.Told;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A member that dies without a word: its session ends, and that of another whose listener blocks does not. */
@Timeout(120)
@Tag("soak")
class GroupCrashContractTest {
    private static final int SESSION_MS = 4000;
    private static final int HEARTBEAT_MS = 1000;

    private static KafkaCluster cluster;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder()
                .brokerConfig("group.min.session.timeout.ms", Integer.toString(SESSION_MS))
                .brokerConfig("group.consumer.min.session.timeout.ms", Integer.toString(SESSION_MS))
                .brokerConfig("group.consumer.session.timeout.ms", Integer.toString(SESSION_MS))
                .brokerConfig("group.consumer.min.heartbeat.interval.ms", Integer.toString(HEARTBEAT_MS))
                .brokerConfig("group.consumer.heartbeat.interval.ms", Integer.toString(HEARTBEAT_MS))
                .start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Map<String, Object> config(String protocol, String group) {
        Map<String, Object> config = Members.config(protocol, group);
        config.put("bootstrap.servers", cluster.bootstrapServers());
        if (protocol.equals("classic")) {
            config.put("session.timeout.ms", SESSION_MS);
            config.put("heartbeat.interval.ms", HEARTBEAT_MS);
        }
        return config;
    }

    /** A member in a JVM of its own. */
    private static Process member(Client client, String protocol, String group) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(client.name(), group));
        config(protocol, group).forEach((key, value) -> arguments.add(key + "=" + value));
        return OwnJvm.start(MemberProgram.class, arguments);
    }

    /** A group, and a topic of that name with two partitions. */
    private static String groupWithTopic() {
        String group = Members.group();
        cluster.createTopic(group, 2, 1);
        return group;
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void thePartitionsOfAMemberThatDiesComeToTheOther(Client client, String protocol) throws Exception {
        String group = groupWithTopic();
        Process other = member(client, protocol, group);
        try (Consumer<byte[], byte[]> survivor = client.open(config(protocol, group))) {
            survivor.subscribe(List.of(group));
            Await.until("both members have a partition", LONG, () -> {
                survivor.poll(SHORT);
                return survivor.assignment().size() == 1 && Members.count(cluster, group) == 2;
            });
            other.destroyForcibly().waitFor();
            pollUntilAssigned(survivor, 2);
            assertThat(Members.count(cluster, group)).isEqualTo(1);
        } finally {
            other.destroyForcibly();
        }
    }

    @ParameterizedTest
    @MethodSource(Members.CLIENTS_AND_PROTOCOLS)
    void aListenerMayBlockForLongerThanASession(Client client, String protocol) throws Exception {
        String group = groupWithTopic();
        Process other = member(client, protocol, group);
        Told told = new Told() {
            @Override
            void assigned(Collection<TopicPartition> partitions) {
                if (other.isAlive() && Members.count(cluster, group) == 2) {
                    other.destroyForcibly();
                    Await.until("the end of the other member", LONG, () -> Members.count(cluster, group) == 1);
                }
            }
        };
        try (Consumer<byte[], byte[]> blocked = client.open(config(protocol, group))) {
            Await.until("the other member", LONG, () -> Members.count(cluster, group) == 1);
            blocked.subscribe(List.of(group), told);
            pollUntilAssigned(blocked, 2);
            assertThat(other.isAlive()).isFalse();
            assertThat(told.calls.stream().filter(call -> call.startsWith("lost")))
                    .isEmpty();
        } finally {
            other.destroyForcibly();
        }
    }
}
