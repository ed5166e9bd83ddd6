package dev.surefoot.testkit.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches that unpack to about as much as there is heap, and consumers without the libraries of the codecs. */
class LargeBatchesTest {
    private static final int VALUE_BYTES = 500_000;
    private static final int RECORDS = 482;
    private static final int LARGE_VALUE_BYTES = 80_000_000;
    private static final int SMALL_BATCHES = 250;

    private static final int BATCH_OVERHEAD = 12;
    private static final int BATCH_LENGTH = 8;
    private static final int BATCH_COUNT = 57;

    @Test
    void aBatchAsLargeAsTheHeapIsReadAsKafkaReadsIt() throws Exception {
        assertLargeBatchRead("zstd", 1_000_000);
    }

    @ParameterizedTest
    @Tag("thorough")
    @CsvSource({"gzip, 1000000", "snappy, 13000000", "lz4, 2000000"})
    void aBatchAsLargeAsTheHeapIsReadAsKafkaReadsItInOtherCodecs(String codec, int batchSize) throws Exception {
        assertLargeBatchRead(codec, batchSize);
    }

    private static void assertLargeBatchRead(String codec, int batchSize) throws Exception {
        String topic = OneBroker.topic(2);
        writeOneBatch(topic, codec, batchSize);
        assertThat(largestBatch(topic)).as("records of the largest batch").isEqualTo(RECORDS);

        assertAllReadInSmallHeap(topic, RECORDS, 20, "kafka", "poll", "visit", "poll-committed", "visit-committed");
    }

    /** Each record is in a batch of its own, and the memory for one has to be free again for the next. */
    @ParameterizedTest
    @Tag("thorough")
    @ValueSource(strings = {"gzip", "zstd"})
    void recordsOfNearlyAThirdOfTheHeapAreReadOneAfterAnother(String codec) throws Exception {
        String topic = OneBroker.topic(1);
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(
                OneBroker.cluster(),
                "compression.type",
                codec,
                "max.request.size",
                2 * LARGE_VALUE_BYTES,
                "buffer.memory",
                2L * LARGE_VALUE_BYTES)) {
            for (int i = 0; i < 4; i++) {
                byte[] value = new byte[LARGE_VALUE_BYTES];
                Arrays.fill(value, (byte) i);
                Writing.send(producer, List.of(new ProducerRecord<>(topic, 0, null, value)));
            }
        }
        assertAllReadInSmallHeap(topic, 4, 1, "kafka", "poll", "visit");
    }

    private static void assertAllReadInSmallHeap(String topic, int records, int maxPollRecords, String... ways)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                OneBroker.cluster().bootstrapServers(), Integer.toString(records), Integer.toString(maxPollRecords)));
        List<String> expected = new ArrayList<>();
        for (String way : ways) {
            arguments.add(topic + ":" + way);
            expected.add(topic + ":" + way + " " + records + " " + (records - 1));
        }
        List<String> printed = OwnJvm.run(
                OwnJvm.classPathWithout(jar -> false),
                List.of("-Xmx256m"),
                ValuesReader.class,
                arguments.toArray(String[]::new));
        assertThat(printed).containsAll(expected);
    }

    /**
     * Writes a batch into partition 0. A producer fills a batch by what it believes that the codec makes of a topic,
     * and believes more from batch to batch; those go into partition 1.
     */
    private static void writeOneBatch(String topic, String codec, int batchSize) {
        try (KafkaProducer<byte[], byte[]> producer = Writing.producer(
                OneBroker.cluster(),
                "compression.type",
                codec,
                "batch.size",
                batchSize,
                "linger.ms",
                60_000,
                "max.request.size",
                20_000_000,
                "buffer.memory",
                64_000_000L,
                "transactional.id",
                topic)) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < SMALL_BATCHES; i++) {
                producer.send(new ProducerRecord<>(topic, 1, null, new byte[VALUE_BYTES]));
                producer.flush();
            }
            byte[] value = new byte[VALUE_BYTES];
            for (int i = 0; i < RECORDS; i++) {
                Arrays.fill(value, (byte) i);
                producer.send(new ProducerRecord<>(topic, 0, null, value));
            }
            producer.commitTransaction();
        }
    }

    /** The most records that a batch in the log of partition 0 has. */
    private static int largestBatch(String topic) throws IOException {
        List<Path> logs;
        try (Stream<Path> files = Files.walk(OneBroker.cluster().folder())) {
            logs = files.filter(file -> file.toString().endsWith(".log"))
                    .filter(file -> file.getParent().endsWith(topic + "-0"))
                    .toList();
        }
        int largest = 0;
        for (Path file : logs) {
            ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(file));
            int at = 0;
            while (log.limit() - at > BATCH_COUNT && log.getInt(at + BATCH_LENGTH) > 0) {
                largest = Math.max(largest, log.getInt(at + BATCH_COUNT));
                at += BATCH_OVERHEAD + log.getInt(at + BATCH_LENGTH);
            }
        }
        return largest;
    }

    @Test
    void withoutTheLibrariesOfTheCodecsUncompressedTopicsAreReadAndOthersSayWhatIsMissing() throws Exception {
        String classPath = OwnJvm.classPathWithout(
                jar -> jar.startsWith("zstd-jni") || jar.startsWith("lz4-java") || jar.startsWith("snappy-java"));
        Map<String, String> libraries = Map.of(
                "snappy", "org.xerial.snappy:snappy-java",
                "lz4", "at.yawk.lz4:lz4-java",
                "zstd", "com.github.luben:zstd-jni");
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            String topic = OneBroker.topic(1);
            try (KafkaProducer<byte[], byte[]> producer =
                    Writing.producer(OneBroker.cluster(), "compression.type", codec)) {
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    byte[] value = new byte[1000];
                    Arrays.fill(value, (byte) i);
                    records.add(new ProducerRecord<>(topic, 0, null, value));
                }
                Writing.send(producer, records);
            }
            List<String> printed = OwnJvm.run(
                    classPath,
                    List.of(),
                    ValuesReader.class,
                    OneBroker.cluster().bootstrapServers(),
                    "100",
                    "500",
                    topic + ":poll",
                    topic + ":visit");
            String library = libraries.get(codec);
            for (String way : List.of("poll", "visit")) {
                String task = topic + ":" + way;
                if (library == null) {
                    assertThat(printed).contains(task + " 100 99");
                } else {
                    assertThat(printed)
                            .anySatisfy(line -> assertThat(line)
                                    .startsWith(task + " 0 ")
                                    .contains(
                                            "UnsupportedCompressionTypeException", topic + "-0 at offset 0", library));
                }
            }
        }
    }
}
