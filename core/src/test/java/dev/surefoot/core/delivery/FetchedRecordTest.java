package dev.surefoot.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.records.Decompressor;
import dev.surefoot.core.records.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that were received are Kafka's own: nothing tells them from those that were sent. */
class FetchedRecordTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final Header X1 = new RecordHeader("x", new byte[] {1});
    private static final Header X2 = new RecordHeader("x", new byte[] {2});
    private static final Header Y = new RecordHeader("y", null);

    private static final Deserializer<byte[]> READS_HEADERS = new Deserializer<>() {
        @Override
        public byte[] deserialize(String topic, byte[] data) {
            throw new AssertionError("the form with headers is there to be used");
        }

        @Override
        public byte[] deserialize(String topic, Headers headers, byte[] data) {
            if (headers.getClass() != RecordHeaders.class) {
                throw new AssertionError("a deserializer got headers of " + headers.getClass());
            }
            return data;
        }
    };

    private static ConsumerRecord<byte[], byte[]> received(Deserializer<byte[]> deserializer, Header... headers) {
        ByteBuffer batch = MemoryRecords.withRecords(
                        7, Compression.NONE, 3, new SimpleRecord(5, new byte[] {1}, new byte[] {2}, headers))
                .buffer();
        try (RecordCursor cursor =
                new RecordCursor(PARTITION, batch, 7, false, List.of(), true, new Decompressor(1 << 20))) {
            assertThat(cursor.next()).isTrue();
            return new RecordAssembler<>(deserializer, deserializer).assemble(PARTITION, cursor);
        }
    }

    private static Headers receivedHeaders(Header... headers) {
        return received(new ByteArrayDeserializer(), headers).headers();
    }

    private static void assertTwins(Headers ours, Headers twin, String where) {
        assertThat(ours.equals(twin)).as(where).isTrue();
        assertThat(twin.equals(ours)).as(where).isTrue();
        assertThat(ours.hashCode()).as(where).isEqualTo(twin.hashCode());
        assertThat(ours.toString()).as(where).isEqualTo(twin.toString());
        assertThat(ours.toArray()).as(where).isEqualTo(twin.toArray());
        assertThat(ours.toArray().getClass()).isEqualTo(twin.toArray().getClass());
    }

    private static Header[] random(Random random) {
        Header[] headers = new Header[random.nextInt(4)];
        for (int i = 0; i < headers.length; i++) {
            headers[i] = new RecordHeader("ké".substring(random.nextInt(3)) + random.nextInt(3), value(random));
        }
        return headers;
    }

    private static byte[] value(Random random) {
        return random.nextInt(4) == 0 ? null : new byte[] {(byte) random.nextInt(3)};
    }

    @Test
    void whatWasReceivedEqualsWhatWasSent() {
        for (Deserializer<byte[]> deserializer : List.of(new ByteArrayDeserializer(), READS_HEADERS)) {
            for (List<Header> sent : List.<List<Header>>of(List.of(), List.of(X1), List.of(X1, Y, X2))) {
                Header[] array = sent.toArray(Header[]::new);
                assertTwins(received(deserializer, array).headers(), new RecordHeaders(array), sent.toString());
            }
        }
        assertThat(receivedHeaders(X1, Y)).isNotEqualTo(new RecordHeaders(new Header[] {Y, X1}));
        assertThat(receivedHeaders(X1)).isNotEqualTo(new RecordHeaders(new Header[] {X2}));
    }

    @Test
    void oneHeaderEqualsTheOneSent() {
        for (Header sent : List.of(X1, Y, new RecordHeader("", new byte[0]))) {
            Header received = receivedHeaders(sent).iterator().next();
            assertThat(received.equals(sent)).isTrue();
            assertThat(sent.equals(received)).isTrue();
            assertThat(received).hasSameHashCodeAs(sent).hasToString(sent.toString());
        }
    }

    @Test
    void aRecordKeepsItsHeadersAndSharesThemWithNone() {
        ConsumerRecord<byte[], byte[]> one = received(new ByteArrayDeserializer());
        ConsumerRecord<byte[], byte[]> other = received(new ByteArrayDeserializer());

        one.headers().add(X1).add("k", new byte[] {3});

        assertThat(one.headers()).isSameAs(one.headers()).hasSize(2);
        assertThat(other.headers()).isEmpty();
        assertThat(receivedHeaders()).isEmpty();
    }

    @Test
    void aRecordPrintsAsKafkasOwn() {
        for (List<Header> headers : List.<List<Header>>of(List.of(), List.of(X1, Y))) {
            ConsumerRecord<byte[], byte[]> ours = received(new ByteArrayDeserializer(), headers.toArray(Header[]::new));
            ConsumerRecord<byte[], byte[]> kafkas = new ConsumerRecord<>(
                    ours.topic(),
                    ours.partition(),
                    ours.offset(),
                    ours.timestamp(),
                    ours.timestampType(),
                    ours.serializedKeySize(),
                    ours.serializedValueSize(),
                    ours.key(),
                    ours.value(),
                    new RecordHeaders(headers.toArray(Header[]::new)),
                    ours.leaderEpoch());
            assertThat(ours).hasToString(kafkas.toString());
            assertThat(ours).isEqualTo(ours).isNotEqualTo(kafkas);
            assertThat(kafkas).isNotEqualTo(ours);
        }
    }

    @Test
    void headersMayBeClosedAsKafkasMay() {
        Headers headers = receivedHeaders(X1);
        Iterator<Header> iterator = headers.iterator();
        iterator.next();
        ((RecordHeaders) headers).setReadOnly();

        assertThatThrownBy(() -> headers.add(X2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> headers.add("x", null)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> headers.remove("x")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(iterator::remove).isInstanceOf(IllegalStateException.class);
        assertThat(headers).containsExactly(X1);
    }

    @Test
    void aDeserializerThatTakesNoHeadersCostsNone() {
        Deserializer<byte[]> plain = (topic, data) -> data;
        assertThat(received(plain, X1)).isInstanceOf(FetchedRecord.class);
        assertThat(received(new StringDeserializerOfBytes(), X1)).isInstanceOf(FetchedRecord.class);
        assertThat(received(READS_HEADERS, X1)).isNotInstanceOf(FetchedRecord.class);
    }

    private static final class StringDeserializerOfBytes implements Deserializer<byte[]> {
        private final StringDeserializer inner = new StringDeserializer();

        @Override
        public byte[] deserialize(String topic, byte[] data) {
            return inner.deserialize(topic, data).getBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theyDoWhatKafkasHeadersDo(long seed) {
        Random random = new Random(seed);
        Header[] sent = random(random);
        Headers ours = receivedHeaders(sent);
        Headers twin = new RecordHeaders(sent);
        for (int step = 0; step < 500; step++) {
            String key = random.nextInt(20) == 0 ? null : "k" + random.nextInt(3);
            byte[] value = value(random);
            Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
            String where = "seed " + seed + ", step " + step + ", " + operation + " " + key;
            assertThat(outcome(operation, ours, key, value)).as(where).isEqualTo(outcome(operation, twin, key, value));
            assertTwins(ours, twin, where);
        }
    }

    private enum Operation {
        ADD,
        ADD_HEADER,
        ADD_NULL_HEADER,
        REMOVE,
        LAST,
        OF_KEY,
        REMOVE_WHILE_ITERATING,
        REMOVE_OF_KEY_WHILE_ITERATING,
        REMOVE_WITHOUT_NEXT,
        NEXT_BEHIND_THE_LAST,
        ADD_WHILE_ITERATING
    }

    /** What came of it: a value, or the class and message of what was thrown. */
    private static Object outcome(Operation operation, Headers headers, String key, byte[] value) {
        try {
            return switch (operation) {
                case ADD -> headers.add(key, value) == headers;
                case ADD_HEADER -> headers.add(new RecordHeader(key, value)) == headers;
                case ADD_NULL_HEADER -> headers.add((Header) null);
                case REMOVE -> headers.remove(key) == headers;
                case LAST -> List.of(String.valueOf(headers.lastHeader(key)));
                case OF_KEY -> listed(headers.headers(key));
                case REMOVE_WHILE_ITERATING -> removeFirst(headers.iterator());
                case REMOVE_OF_KEY_WHILE_ITERATING ->
                    removeFirst(headers.headers(key).iterator());
                case REMOVE_WITHOUT_NEXT -> {
                    headers.iterator().remove();
                    yield "removed";
                }
                case NEXT_BEHIND_THE_LAST -> behindTheLast(headers.iterator());
                case ADD_WHILE_ITERATING -> {
                    Iterator<Header> all = headers.iterator();
                    headers.add("added", value);
                    yield listed(() -> all);
                }
            };
        } catch (RuntimeException e) {
            return e.getClass() + ": " + e.getMessage();
        }
    }

    private static List<Header> listed(Iterable<Header> headers) {
        List<Header> listed = new ArrayList<>();
        headers.forEach(listed::add);
        return listed;
    }

    private static Object removeFirst(Iterator<Header> headers) {
        if (!headers.hasNext()) {
            return "nothing to remove";
        }
        Header removed = headers.next();
        headers.remove();
        return removed;
    }

    private static Object behindTheLast(Iterator<Header> headers) {
        while (headers.hasNext()) {
            headers.next();
        }
        try {
            return headers.next();
        } catch (NoSuchElementException e) {
            return "no more";
        }
    }

    @Test
    void threadsThatReadDoNotDisturbEachOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 200; round++) {
                ConsumerRecord<byte[], byte[]> record = received(new ByteArrayDeserializer(), X1, Y, X2);
                CyclicBarrier together = new CyclicBarrier(2);
                List<Future<List<Header>>> read = new ArrayList<>();
                for (int thread = 0; thread < 2; thread++) {
                    read.add(threads.submit(() -> {
                        together.await();
                        return listed(record.headers());
                    }));
                }
                for (Future<List<Header>> each : read) {
                    assertThat(each.get()).containsExactly(X1, Y, X2);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
