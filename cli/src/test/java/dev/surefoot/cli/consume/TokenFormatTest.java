package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFormatTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%s|value",
                "%k|key",
                "%o|42",
                "%p|3",
                "%t|orders",
                "%T|1700000000000",
                "%h|a=1,b=NULL,a=2",
                "%S|5",
                "%K|3",
                "%%s|%s",
                "100%%|100%",
                "%t-%p@%o: %k=%s|orders-3@42: key=value",
                "čaj 🍵 %o|čaj 🍵 42",
                "\\\\n|\\n",
                "\\x41%o\\x42|A42B",
            })
    void tokensAndEscapesStandForTheirParts(String format, String expected) throws IOException {
        RecordHeaders headers = new RecordHeaders();
        headers.add("a", bytes("1")).add("b", null).add("a", bytes("2"));

        assertThat(written(format, entry(bytes("key"), bytes("value"), headers)))
                .isEqualTo(bytes(expected));
    }

    @Test
    void nullIsToldFromEmptyAndHasLengthMinusOne() throws IOException {
        assertThat(written("[%k]%K[%s]%S[%h]", entry(null, null, new RecordHeaders())))
                .isEqualTo(bytes("[NULL]-1[NULL]-1[]"));
        assertThat(written("[%k]%K[%s]%S[%h]", entry(new byte[0], new byte[0], new RecordHeaders())))
                .isEqualTo(bytes("[]0[]0[]"));
    }

    @Test
    void theTextForNullCanBeChosen() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TokenFormat.parse("[%k][%s]", "∅").write(entry(null, null, new RecordHeaders()), out);

        assertThat(out.toByteArray()).isEqualTo(bytes("[∅][∅]"));
    }

    @Test
    void everyByteGoesThroughUnchanged() throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }

        assertThat(written("%s", entry(null, all, new RecordHeaders()))).isEqualTo(all);
    }

    @Test
    void whitespaceAndRawBytesCanBeEscaped() throws IOException {
        assertThat(written("\\n\\t\\r\\x00\\xff", entry(null, null, new RecordHeaders())))
                .isEqualTo(new byte[] {'\n', '\t', '\r', 0, (byte) 0xff});
    }

    @ParameterizedTest
    @ValueSource(strings = {"%z", "%", "abc%", "\\", "\\q", "\\x", "\\x1", "\\xg0", "%s\\x4"})
    void whatIsUnknownIsRefused(String format) {
        assertThatThrownBy(() -> TokenFormat.parse(format, "NULL"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the format");
    }

    private static byte[] written(String format, ConsumerRecord<byte[], byte[]> entry) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TokenFormat.parse(format, "NULL").write(entry, out);
        return out.toByteArray();
    }

    private static ConsumerRecord<byte[], byte[]> entry(byte[] key, byte[] value, RecordHeaders headers) {
        long timestamp = 1_700_000_000_000L;
        return new ConsumerRecord<>(
                "orders", 3, 42, timestamp, TimestampType.CREATE_TIME, -1, -1, key, value, headers, Optional.empty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
