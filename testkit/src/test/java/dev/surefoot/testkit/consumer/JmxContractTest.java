package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The beans that monitoring over JMX looks up. */
class JmxContractTest {
    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

    private static ObjectName name(String type, String clientId, String... properties) throws JMException {
        Hashtable<String, String> all = new Hashtable<>();
        all.put("type", type);
        all.put("client-id", clientId);
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        return new ObjectName("kafka.consumer", all);
    }

    private static Set<ObjectName> beans(String clientId) throws JMException {
        return BEANS.queryNames(new ObjectName("kafka.consumer:client-id=" + clientId + ",*"), null);
    }

    @ParameterizedTest
    @EnumSource
    void twoConsumersHaveBeansOfTheirOwnUntilTheyAreClosed(Client client) throws JMException {
        TopicPartition partition = new TopicPartition("dotted.jmx-" + OneBroker.unusedName(), 0);
        OneBroker.cluster().createTopic(partition.topic(), 1, 1);
        Writing.numbers(OneBroker.cluster(), partition, 0, 5);
        String first = OneBroker.unusedName();
        String second = OneBroker.unusedName();
        try (Consumer<byte[], byte[]> one = client.open(OneBroker.config("client.id", first))) {
            try (Consumer<byte[], byte[]> two = client.open(OneBroker.config("client.id", second))) {
                for (Consumer<byte[], byte[]> consumer : List.of(one, two)) {
                    consumer.assign(List.of(partition));
                    Reading.take(consumer, 5);
                }
                for (String clientId : List.of(first, second)) {
                    String fetches = "consumer-fetch-manager-metrics";
                    ObjectName all = name(fetches, clientId);
                    ObjectName topic = name(fetches, clientId, "topic", partition.topic());
                    ObjectName lag = name(fetches, clientId, "topic", partition.topic(), "partition", "0");
                    ObjectName node = name("consumer-node-metrics", clientId, "node-id", "node-0");
                    assertThat(BEANS.getAttribute(all, "records-consumed-total"))
                            .isEqualTo(5.0);
                    assertThat(BEANS.getAttribute(topic, "records-consumed-total"))
                            .isEqualTo(5.0);
                    assertThat(BEANS.getAttribute(lag, "records-lag")).isEqualTo(0.0);
                    assertThat((double) BEANS.getAttribute(node, "request-total"))
                            .isPositive();
                    assertThat((double) BEANS.getAttribute(name("consumer-metrics", clientId), "connection-count"))
                            .isPositive();
                    assertThat(BEANS.getAttribute(name("app-info", clientId), "version"))
                            .isInstanceOf(String.class);
                }
            }
            assertThat(beans(second)).isEmpty();
            assertThat(beans(first)).isNotEmpty();
        }
        assertThat(beans(first)).isEmpty();
    }
}
