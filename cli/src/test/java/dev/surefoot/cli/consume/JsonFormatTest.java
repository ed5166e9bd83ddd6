package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class JsonFormatTest {

    private static final long TIMESTAMP = 1_700_000_000_000L;

    private final RecordHeaders headers = new RecordHeaders();

    @Test
    void textStaysText() throws IOException {
        headers.add("trace", bytes("x1")).add("empty", null);

        assertThat(written(bytes("k"), bytes("čaj \"🍵\"\n"), Optional.of(7)))
                .isEqualTo("{\"topic\":\"orders\",\"partition\":3,\"offset\":42,\"timestamp\":1700000000000,"
                        + "\"timestampType\":\"CreateTime\",\"leaderEpoch\":7,\"key\":\"k\","
                        + "\"value\":\"čaj \\\"🍵\\\"\\n\",\"headers\":["
                        + "{\"key\":\"trace\",\"value\":\"x1\"},{\"key\":\"empty\",\"value\":null}]}\n");
    }

    @Test
    void whatIsNotUtf8IsInBase64() throws IOException {
        headers.add("raw", new byte[] {(byte) 0xc0});

        assertThat(written(new byte[] {(byte) 0xff, 0}, new byte[] {(byte) 0xfe}, Optional.empty()))
                .contains("\"keyBase64\":\"/wA=\",\"valueBase64\":\"/g==\"")
                .contains("{\"key\":\"raw\",\"valueBase64\":\"wA==\"}");
    }

    @Test
    void nullIsNullAndEmptyIsEmpty() throws IOException {
        assertThat(written(null, new byte[0], Optional.empty())).contains("\"key\":null,\"value\":\"\",\"headers\":[]");
    }

    @Test
    void anUnknownLeaderEpochIsLeftOut() throws IOException {
        assertThat(written(null, null, Optional.empty())).doesNotContain("leaderEpoch");
    }

    private String written(byte[] key, byte[] value, Optional<Integer> leaderEpoch) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TimestampType type = TimestampType.CREATE_TIME;
        new JsonFormat()
                .write(
                        new ConsumerRecord<>(
                                "orders", 3, 42, TIMESTAMP, type, -1, -1, key, value, headers, leaderEpoch),
                        out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
