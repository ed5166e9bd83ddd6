package dev.surefoot.core.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Headers where they lie are those that were written. */
class HeadersInPlaceTest {
    private static final TopicPartition PARTITION = new TopicPartition("read", 0);

    private static Header header(String key, @Nullable String value) {
        return new RecordHeader(key, value == null ? null : value.getBytes(UTF_8));
    }

    private static RecordCursor cursor(SimpleRecord... records) {
        ByteBuffer batch =
                MemoryRecords.withRecords(0, Compression.NONE, records).buffer();
        return new RecordCursor(PARTITION, batch, 0, false, List.of(), true, new Decompressor(1 << 20));
    }

    private static SimpleRecord record(Header... headers) {
        return new SimpleRecord(0, null, new byte[1], headers);
    }

    private static RecordCursor atRecordWith(Header... headers) {
        RecordCursor cursor = cursor(record(headers), record(header("of the next", "record")));
        assertThat(cursor.next()).isTrue();
        return cursor;
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? "null" : UTF_8.decode(bytes).toString();
    }

    private static List<String> all(RecordCursor cursor) {
        List<String> seen = new ArrayList<>();
        cursor.headersInPlace().each((key, value) -> seen.add(text(key) + "=" + text(value)));
        return seen;
    }

    private static List<String> valuesOf(RecordCursor cursor, String key) {
        List<String> seen = new ArrayList<>();
        cursor.headersInPlace().each(key, value -> seen.add(text(value)));
        return seen;
    }

    @Test
    void theyComeInTheOrderOfWriting() {
        RecordCursor cursor =
                atRecordWith(header("b", "1"), header("a", null), header("b", ""), header("", "2"), header("é", "3"));

        assertThat(all(cursor)).containsExactly("b=1", "a=null", "b=", "=2", "é=3");
        assertThat(cursor.next()).isTrue();
        assertThat(all(cursor)).containsExactly("of the next=record");
        assertThat(all(atRecordWith())).isEmpty();
    }

    @Test
    void lookingUpAKeyFindsAllOfItsHeadersAndNoOther() {
        RecordCursor cursor = atRecordWith(
                header("ab", "1"), header("a", "2"), header("ab", null), header("abc", "3"), header("ab", "4"));

        assertThat(valuesOf(cursor, "ab")).containsExactly("1", "null", "4");
        assertThat(text(cursor.headersInPlace().lastValue("ab"))).isEqualTo("4");
        assertThat(text(cursor.headersInPlace().lastValue("a"))).isEqualTo("2");
        assertThat(cursor.headersInPlace().contains("abc")).isTrue();
        assertThat(cursor.headersInPlace().contains("b")).isFalse();
        assertThat(cursor.headersInPlace().lastValue("b")).isNull();
        assertThat(valuesOf(cursor, "b")).isEmpty();
    }

    @Test
    void aHeaderWithoutAValueIsToldFromNone() {
        RecordCursor cursor = atRecordWith(header("empty", "1"), header("empty", null));

        assertThat(cursor.headersInPlace().lastValue("empty")).isNull();
        assertThat(cursor.headersInPlace().contains("empty")).isTrue();
        assertThat(cursor.headersInPlace().lastValue("none")).isNull();
        assertThat(cursor.headersInPlace().contains("none")).isFalse();
    }

    @Test
    void whatIsShownCannotBeChangedAndIsBigEndian() {
        RecordCursor cursor = atRecordWith(header("number", "abcd"));

        ByteBuffer value = cursor.headersInPlace().lastValue("number");
        assertThat(value).isNotNull();
        assertThat(value.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThatThrownBy(() -> value.put((byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
        cursor.headersInPlace()
                .each((key, ofKey) ->
                        assertThatThrownBy(() -> key.put((byte) 1)).isInstanceOf(ReadOnlyBufferException.class));
    }

    @Test
    void anActionMayLookUpOtherHeaders() {
        RecordCursor cursor = atRecordWith(header("a", "1"), header("b", "2"), header("c", "3"));
        List<String> seen = new ArrayList<>();

        cursor.headersInPlace()
                .each((key, value) ->
                        seen.add(text(key) + text(cursor.headersInPlace().lastValue("c")) + valuesOf(cursor, "a")));

        assertThat(seen).containsExactly("a3[1]", "b3[1]", "c3[1]");
    }

    @Test
    void aWalkEndsWhenTheCursorIsClosed() {
        RecordCursor cursor = atRecordWith(header("a", "1"), header("a", "2"));
        List<String> seen = new ArrayList<>();

        cursor.headersInPlace().each((key, value) -> {
            seen.add(text(value));
            cursor.close();
        });

        assertThat(seen).containsExactly("1");
        assertThatIllegalStateException().isThrownBy(cursor::headersInPlace);
    }

    @Test
    void aWalkOfOneKeyEndsWhenTheCursorIsClosed() {
        RecordCursor cursor = atRecordWith(header("a", "1"), header("a", "2"));
        List<String> seen = new ArrayList<>();

        cursor.headersInPlace().each("a", value -> {
            seen.add(text(value));
            cursor.close();
        });

        assertThat(seen).containsExactly("1");
    }

    @Test
    void lookingAtThemAllocatesNothing() {
        SimpleRecord[] records = new SimpleRecord[10_000];
        for (int i = 0; i < records.length; i++) {
            records[i] = record(header("first", "value " + i), header("second", "value"));
        }
        visitAll(cursor(records)); // loads every class
        RecordCursor cursor = cursor(records);
        cursor.next();
        cursor.headersInPlace().each((key, value) -> {});
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int seen = visitAll(cursor);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        assertThat(seen).isEqualTo(3 * (records.length - 1));
    }

    private static int visitAll(RecordCursor cursor) {
        int[] seen = {0};
        BiConsumer<ByteBuffer, ByteBuffer> count = (key, value) -> seen[0]++;
        while (cursor.next()) {
            cursor.headersInPlace().each(count);
            seen[0] += cursor.headersInPlace().contains("second") ? 1 : 0;
        }
        return seen[0];
    }
}
