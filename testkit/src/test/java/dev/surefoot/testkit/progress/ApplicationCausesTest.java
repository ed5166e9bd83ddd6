package dev.surefoot.testkit.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.net.Transport;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.Await;
import dev.surefoot.testkit.cluster.KafkaCluster;
import dev.surefoot.testkit.cluster.LogSegments;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.consumer.RecordingStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The causes that lie in the application, the data and the client, each brought about, and each named. */
@Tag("soak")
@Timeout(300)
class ApplicationCausesTest {
    private static final CauseTable TABLE =
            new CauseTable("causes of the application, the data and the client; surefoot.stall.patience.ms=1500,"
                    + " max.poll.interval.ms=12000");
    /** By when a recording has what was announced: JFR passes on what happened a second ago or more. */
    private static final Duration ANNOUNCED = Duration.ofSeconds(30);

    private static KafkaCluster cluster;
    private static int topics;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder()
                .brokerConfig("message.max.bytes", "20000000")
                .start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        TABLE.print();
    }

    private static TopicPartition topic() {
        String name = "application-" + ++topics;
        cluster.createTopic(name, 2, 1, Map.of("max.message.bytes", "20000000"));
        return new TopicPartition(name, 0);
    }

    private static TopicPartition written(int records, int bytes) throws Exception {
        TopicPartition partition = topic();
        Written.to(cluster, partition, records, bytes);
        return partition;
    }

    private static Map<String, Object> config(Object... options) {
        Map<String, Object> config = new HashMap<>(cluster.consumerConfig());
        config.put("surefoot.stall.patience.ms", 1_500);
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 12_000);
        for (int i = 0; i < options.length; i += 2) {
            config.put((String) options[i], options[i + 1]);
        }
        return config;
    }

    private static Watched reader(TopicPartition partition, Object... options) {
        return Watched.open(config(options), consumer -> consumer.assign(List.of(partition)));
    }

    /** Blocks in a record that is not empty until it is interrupted. */
    public static final class Blocking implements Deserializer<byte[]> {
        @Override
        public byte[] deserialize(String topic, byte[] data) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return data;
        }
    }

    /** Takes 10 microseconds for each byte: 5 ms for 500, 2 s for 200,000. */
    public static final class Slow implements Deserializer<byte[]> {
        @Override
        public byte[] deserialize(String topic, byte[] data) {
            LockSupport.parkNanos(10_000L * data.length);
            return data;
        }
    }

    /** Refuses every record. */
    public static final class Refusing implements Deserializer<byte[]> {
        @Override
        public byte[] deserialize(String topic, byte[] data) {
            throw new SerializationException("not what was expected");
        }
    }

    @Test
    void theApplicationDoesNotPoll() throws Exception {
        TopicPartition partition = written(2_000, 500);
        Object[] options = {
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, Slow.class
        };
        try (Watched watched = reader(partition, options)) {
            watched.recordName(TABLE, partition, StallCause.PROGRESSING, "200 records a second");
            watched.inject(watched::stopPolling);
            watched.record(TABLE, partition, StallCause.APPLICATION_NOT_POLLING, "no poll any more");
        }
    }

    /** One record of 200 kB in two seconds, of which a buffer of 1 MiB holds some. */
    @Test
    void dataOfAnotherPartitionFillsTheMemory() throws Exception {
        TopicPartition first = written(100, 200_000);
        TopicPartition second = written(1, 10);
        Object[] options = {
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            1,
            "surefoot.buffer.bytes",
            1 << 20,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            Slow.class
        };
        try (Watched watched = reader(first, options)) {
            watched.awaitCause(first, StallCause.PROGRESSING);
            watched.inject(() -> watched.has(consumer -> consumer.assign(List.of(first, second))));
            watched.within(6)
                    .record(TABLE, second, StallCause.BUFFER_FULL_OF_OTHERS, "another partition is read slowly");
        }
    }

    @Test
    void theDeserializerDoesNotReturn() throws Exception {
        TopicPartition partition = written(10, 10);
        try (Watched watched = reader(partition, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, Blocking.class)) {
            watched.recordName(TABLE, partition, StallCause.DESERIALIZER_SLOW, "a deserializer that blocks");
        }
    }

    @Test
    void theDeserializerRefusesARecord() throws Exception {
        TopicPartition partition = written(10, 10);
        try (Watched watched = reader(partition, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, Refusing.class)) {
            watched.record(TABLE, partition, StallCause.RECORD_UNDESERIALIZABLE, "a deserializer that throws");
        }
    }

    @Test
    void aBatchIsTooLarge() throws Exception {
        TopicPartition partition = topic();
        Written.to(cluster, partition, 1, 3_000_000, Map.of("compression.type", "gzip"));
        try (Watched watched = reader(partition, "surefoot.decompressed.batch.max.bytes", 2_000_000)) {
            watched.record(TABLE, partition, StallCause.RECORD_TOO_LARGE, "3 MB where 2 MB are allowed");
        }
    }

    @Test
    void aBatchIsCorrupt() throws Exception {
        TopicPartition partition = written(1, 1_000);
        damage(partition);
        try (Watched watched = reader(partition)) {
            watched.record(TABLE, partition, StallCause.BATCH_CORRUPT, "a changed byte in a segment");
        }
    }

    private static void damage(TopicPartition partition) throws IOException {
        Path segment = LogSegments.of(cluster, partition).get(0);
        try (RandomAccessFile log = new RandomAccessFile(segment.toFile(), "rw")) {
            log.seek(500);
            log.write('x');
        }
    }

    @Test
    void aTransactionIsOpen() throws Exception {
        TopicPartition partition = topic();
        Map<String, Object> options = new HashMap<>(cluster.producerConfig());
        options.put("transactional.id", "open");
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(options);
                Watched watched = reader(partition, ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            producer.initTransactions();
            producer.beginTransaction();
            watched.inject(() -> producer.send(Written.record(partition, 10)).get());
            watched.recordName(TABLE, partition, StallCause.TRANSACTION_OPEN, "a transaction that does not end");
            producer.abortTransaction();
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
        }
    }

    /** A transport whose next poll does something else first. */
    private static Seams seams(AtomicReference<Runnable> beforePoll) {
        return new Seams(
                inner -> (Transport) Proxy.newProxyInstance(
                        Transport.class.getClassLoader(),
                        new Class<?>[] {Transport.class},
                        (proxy, method, arguments) -> {
                            Runnable first = method.getName().equals("poll") ? beforePoll.getAndSet(null) : null;
                            if (first != null) {
                                first.run();
                            }
                            try {
                                return method.invoke(inner, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }),
                Seams.NONE.sessions());
    }

    @Test
    void theLoopIsStuck() throws Exception {
        TopicPartition partition = topic();
        AtomicReference<Runnable> beforePoll = new AtomicReference<>();
        CountDownLatch released = new CountDownLatch(1);
        List<String> announced = new CopyOnWriteArrayList<>();
        try (RecordingStream recording = new RecordingStream();
                Watched watched =
                        Watched.open(config(), seams(beforePoll), consumer -> consumer.assign(List.of(partition)))) {
            recording.enable("dev.surefoot.Stall");
            recording.onEvent("dev.surefoot.Stall", event -> {
                if (event.getString("cause").equals("LOOP_STUCK")) {
                    announced.add(event.getString("what"));
                }
            });
            recording.startAsync();
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(() -> beforePoll.set(() -> {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            watched.record(TABLE, partition, StallCause.LOOP_STUCK, "a transport whose poll blocks");
            Await.until("the thread that polls has announced it", ANNOUNCED, () -> announced.contains("began"));
            released.countDown();
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            Await.until("it has announced the end", ANNOUNCED, () -> announced.contains("ended"));
            assertThat(announced).containsExactly("began", "ended");
        }
    }

    @Test
    void theLoopHasDied() throws Exception {
        TopicPartition partition = topic();
        AtomicReference<Runnable> beforePoll = new AtomicReference<>();
        try (Watched watched =
                Watched.open(config(), seams(beforePoll), consumer -> consumer.assign(List.of(partition)))) {
            watched.awaitCause(partition, StallCause.CAUGHT_UP);
            watched.inject(() -> beforePoll.set(() -> {
                throw new IllegalStateException("planted");
            }));
            watched.recordWhole(TABLE, StallCause.LOOP_DEAD, "a transport whose poll throws", Severity.FAILED);
        }
    }
}
