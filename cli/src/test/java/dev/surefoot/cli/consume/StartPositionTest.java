package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartPositionTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final long TEN_O_CLOCK = 1_769_853_600_000L;

    private final TimeText times =
            new TimeText(Clock.fixed(Instant.ofEpochMilli(TEN_O_CLOCK + 600_000), ZoneOffset.ofHours(2)));

    @Test
    void everyFormIsUnderstood() {
        assertThat(parse("beginning")).isEqualTo(new StartPosition.Beginning());
        assertThat(parse("earliest")).isEqualTo(new StartPosition.Beginning());
        assertThat(parse("latest")).isEqualTo(new StartPosition.End());
        assertThat(parse("end")).isEqualTo(new StartPosition.End());
        assertThat(parse("0")).isEqualTo(new StartPosition.Offset(0));
        assertThat(parse("42")).isEqualTo(new StartPosition.Offset(42));
        assertThat(parse("-42")).isEqualTo(new StartPosition.BeforeEnd(42));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@1769853600000",
                "s@1769853600000",
                "2026-01-31T10:00:00Z",
                "2026-01-31T10:00Z",
                "2026-01-31T11:00:00.000+01:00",
                "2026-01-31T12:00",
                "2026-01-31 12:00:00",
                "12:00",
                "-10m",
                "-600s"
            })
    void everyFormOfATimeIsUnderstood(String text) {
        assertThat(parse(text)).isEqualTo(new StartPosition.Time(TEN_O_CLOCK));
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
                "2026-02-30",
                "10m",
                "-10x",
                "2026-13-31T10:00:00Z",
                "99999999999999999999",
                "-99999999999999999999",
                "@99999999999999999999"
            })
    void anythingElseIsRefusedWithTheFormsThereAre(String text) {
        assertThatThrownBy(() -> parse(text))
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
        assertThat(resolved("@17")).isEqualTo(17);
        assertThat(resolved("@170")).isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "31"})
    void anOffsetThatTheLogDoesNotHoldIsRefused(String text) {
        assertThatThrownBy(() -> resolved(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "offset " + text + " is outside orders-0, which holds offsets from 10 up to 30 (exclusive)");
    }

    private StartPosition parse(String text) {
        return StartPosition.parse(text, times);
    }

    private long resolved(String text) {
        try (LogConsumer consumer = new LogConsumer()) {
            Map<Long, Long> timestamps = new TreeMap<>();
            for (long offset = 10; offset < 30; offset++) {
                timestamps.put(offset, offset);
            }
            consumer.hold(PARTITION, 10, 30, timestamps);
            consumer.assign(List.of(PARTITION));
            LogBounds bounds = new LogBounds(consumer, List.of(PARTITION), Duration.ofSeconds(1));
            return parse(text).resolve(consumer, bounds, line -> {}).get(PARTITION);
        }
    }
}
