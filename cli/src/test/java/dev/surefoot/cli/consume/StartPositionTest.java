package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartPositionTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final long TEN_O_CLOCK = 1_769_853_600_000L;

    @Test
    void everyFormIsUnderstood() {
        assertThat(StartPosition.parse("beginning")).isEqualTo(new StartPosition.Beginning());
        assertThat(StartPosition.parse("end")).isEqualTo(new StartPosition.End());
        assertThat(StartPosition.parse("0")).isEqualTo(new StartPosition.Offset(0));
        assertThat(StartPosition.parse("42")).isEqualTo(new StartPosition.Offset(42));
        assertThat(StartPosition.parse("-42")).isEqualTo(new StartPosition.BeforeEnd(42));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@1769853600000",
                "s@1769853600000",
                "2026-01-31T10:00:00Z",
                "2026-01-31T10:00Z",
                "2026-01-31T11:00:00.000+01:00"
            })
    void everyFormOfATimeIsUnderstood(String text) {
        assertThat(StartPosition.parse(text)).isEqualTo(new StartPosition.Time(TEN_O_CLOCK));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "begin",
                "4 2",
                "4.2",
                "--1",
                "@",
                "@-1",
                "2026-01-31",
                "2026-01-31T10:00:00",
                "2026-13-31T10:00:00Z",
                "99999999999999999999",
                "-99999999999999999999",
                "@99999999999999999999"
            })
    void anythingElseIsRefusedWithTheFormsThereAre(String text) {
        assertThatThrownBy(() -> StartPosition.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is neither beginning, end,");
    }

    @Test
    void eachFormFindsItsOffset() {
        assertThat(resolved("beginning")).isEqualTo(10);
        assertThat(resolved("end")).isEqualTo(30);
        assertThat(resolved("10")).isEqualTo(10);
        assertThat(resolved("30")).isEqualTo(30);
        assertThat(resolved("-5")).isEqualTo(25);
        assertThat(resolved("-500")).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "31"})
    void anOffsetThatTheLogDoesNotHoldIsRefused(String text) {
        assertThatThrownBy(() -> resolved(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "offset " + text + " is outside orders-0, which holds offsets from 10 up to 30 (exclusive)");
    }

    private static long resolved(String text) {
        try (MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none")) {
            consumer.updateBeginningOffsets(Map.of(PARTITION, 10L));
            consumer.updateEndOffsets(Map.of(PARTITION, 30L));
            return StartPosition.parse(text)
                    .resolve(consumer, List.of(PARTITION), Duration.ofSeconds(1))
                    .get(PARTITION);
        }
    }
}
