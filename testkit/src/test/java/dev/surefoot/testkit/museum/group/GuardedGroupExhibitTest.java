package dev.surefoot.testkit.museum.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.SurefootConfig;
import dev.surefoot.SurefootConsumer;
import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.ProgressSnapshot;
import dev.surefoot.progress.Severity;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.museum.KnownBad;
import dev.surefoot.testkit.simulation.group.MemberParts;
import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole consumers whose memberships are known to be bad, in a group at a real broker: a second one joins and goes. What
 * does not go on then is announced by the guard, or poll throws; the guard never joins a group by itself.
 */
@Tag("soak")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardedGroupExhibitTest {
    private static final int PARTITIONS = 4;
    private static final int TOGETHER_POLLS = 80;
    private static final int LAST_POLLS = 300;
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaCluster cluster = KafkaCluster.withBrokers(1);
    private final KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(cluster.producerConfig(), new ByteArraySerializer(), new ByteArraySerializer());

    /** An exhibit that can take the place of a part of a whole consumer. */
    private record Subject(KnownBad exhibit, Kind kind, Seams seams) {
        @Override
        public String toString() {
            return exhibit.id() + ", " + exhibit.title();
        }
    }

    static List<Subject> subjects() {
        List<Subject> subjects = new ArrayList<>();
        for (GroupExhibit exhibit : GroupExhibit.ALL) {
            boolean isOfMembership = !exhibit.settings().parts().memberships().equals(MemberParts.SOUND.memberships());
            if (isOfMembership) {
                subjects.add(new Subject(exhibit, exhibit.settings().kind(), WholeGroupExhibit.seams(exhibit)));
            }
        }
        WholeGroupExhibit.ALL.forEach(exhibit -> subjects.add(new Subject(exhibit, Kind.EAGER, exhibit.seams())));
        return subjects;
    }

    @AfterAll
    void stop() {
        producer.close();
        cluster.close();
    }

    private SurefootConsumer<byte[], byte[]> member(Subject subject) {
        Map<String, Object> config = cluster.consumerConfig();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, "group-" + subject.exhibit().id());
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 1_000);
        config.put(SurefootConfig.STALL_PATIENCE_MS_CONFIG, 2_000);
        if (subject.kind() == Kind.CONSUMER) {
            config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        } else {
            config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
            config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
            config.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    subject.kind() == Kind.EAGER
                            ? RangeAssignor.class.getName()
                            : CooperativeStickyAssignor.class.getName());
        }
        if (subject.exhibit().id().equals("GF26")) {
            config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one");
        }
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        SurefootConsumer<byte[], byte[]> consumer =
                (SurefootConsumer<byte[], byte[]>) SeamedConsumers.open(config, bytes, bytes, subject.seams());
        consumer.subscribe(List.of(topic(subject)));
        return consumer;
    }

    private static String topic(Subject subject) {
        return "topic-" + subject.exhibit().id();
    }

    private void write(Subject subject) {
        for (int i = 0; i < PARTITIONS; i++) {
            producer.send(new ProducerRecord<>(topic(subject), i, null, new byte[10]));
        }
    }

    private static void poll(SurefootConsumer<byte[], byte[]> consumer, Set<String> thrown) {
        try {
            consumer.poll(POLL);
        } catch (KafkaException e) {
            thrown.add(e.getClass().getSimpleName());
        }
    }

    private static boolean hasReadAll(SurefootConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return consumer.assignment().equals(ends.keySet())
                && ends.entrySet().stream()
                        .allMatch(end ->
                                consumer.progress(end.getKey()).position().orElse(-1) >= end.getValue());
    }

    /** The causes that are announced: of the consumer as a whole and of partitions. */
    private static Set<String> named(ProgressSnapshot progress) {
        Set<String> named = new TreeSet<>();
        List<Diagnosis> all = new ArrayList<>(progress.concerns());
        all.add(progress.consumer());
        progress.partitions().values().forEach(each -> all.add(each.why()));
        for (Diagnosis each : all) {
            if (each.severity() == Severity.STALLED || each.severity() == Severity.FAILED) {
                named.add(each.cause() + " " + each.severity());
            }
        }
        progress.concerns().forEach(each -> named.add(each.cause() + " (concern)"));
        return named;
    }

    @ParameterizedTest
    @MethodSource("subjects")
    @Timeout(180)
    void readsToTheEndOrIsNamed(Subject subject) {
        cluster.createTopic(topic(subject), PARTITIONS, 1);
        Set<String> thrown = new TreeSet<>();
        Set<String> named = new TreeSet<>();
        boolean read;
        try (SurefootConsumer<byte[], byte[]> stays = member(subject)) {
            for (int i = 0; i < TOGETHER_POLLS; i++) {
                write(subject);
                poll(stays, thrown);
            }
            try (SurefootConsumer<byte[], byte[]> comes = member(subject)) {
                for (int i = 0; i < TOGETHER_POLLS; i++) {
                    write(subject);
                    poll(stays, thrown);
                    poll(comes, thrown);
                    named.addAll(named(stays.progress()));
                    named.addAll(named(comes.progress()));
                }
            } catch (KafkaException e) {
                thrown.add(e.getClass().getSimpleName());
            }
            producer.flush();
            Map<TopicPartition, Long> ends = stays.endOffsets(IntStream.range(0, PARTITIONS)
                    .mapToObj(i -> new TopicPartition(topic(subject), i))
                    .toList());
            for (int i = 0; i < LAST_POLLS && !hasReadAll(stays, ends); i++) {
                poll(stays, thrown);
                named.addAll(named(stays.progress()));
            }
            read = hasReadAll(stays, ends);
            System.out.printf(
                    "%s: %s; announced %s; poll has thrown %s; at the end %s, owns %s%n",
                    subject,
                    read ? "reads to the end" : "STANDS STILL",
                    named,
                    thrown,
                    stays.progress().consumer().cause(),
                    stays.assignment());
        } catch (KafkaException e) {
            thrown.add(e.getClass().getSimpleName());
            read = false;
        }

        assertThat(read || !named.isEmpty() || !thrown.isEmpty())
                .as("%s stands still and nothing says so", subject)
                .isTrue();
    }
}
