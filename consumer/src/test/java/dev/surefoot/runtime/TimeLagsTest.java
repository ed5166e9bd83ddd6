package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.delivery.LastRecord;
import dev.surefoot.progress.TimeLag;
import dev.surefoot.progress.TimeLag.Basis;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimeLagsTest {
    private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

    private static LastRecord written(Duration ago, TimestampType type) {
        return new LastRecord(NOW.minus(ago).toEpochMilli(), type);
    }

    private static TimeLag of(LastRecord last, @Nullable Duration caughtUpAgo) {
        return TimeLags.of(last, caughtUpAgo == null ? null : NOW.minus(caughtUpAgo), NOW);
    }

    @Test
    void theLastRecordTellsByItsTimestamp() {
        Duration minute = Duration.ofMinutes(1);
        assertThat(of(written(minute, TimestampType.CREATE_TIME), null))
                .isEqualTo(new TimeLag(Optional.of(minute), Basis.PRODUCER_CLOCK));
        assertThat(of(written(minute, TimestampType.LOG_APPEND_TIME), null))
                .isEqualTo(new TimeLag(Optional.of(minute), Basis.LOG_APPEND_TIME));
    }

    @Test
    void afterAnIdleHourTheNextRecordIsNotAnHourLate() {
        assertThat(of(written(Duration.ofHours(1), TimestampType.CREATE_TIME), Duration.ofSeconds(2)))
                .isEqualTo(new TimeLag(Optional.of(Duration.ofSeconds(2)), Basis.SINCE_CAUGHT_UP));
    }

    @Test
    void aTimestampThatCannotBeTrueIsNone() {
        LastRecord inSeconds = new LastRecord(NOW.getEpochSecond(), TimestampType.CREATE_TIME);
        LastRecord ahead = written(Duration.ofHours(-2), TimestampType.CREATE_TIME);
        for (LastRecord none : List.of(LastRecord.NONE, inSeconds, ahead)) {
            assertThat(of(none, null)).isEqualTo(TimeLag.UNKNOWN);
            assertThat(of(none, Duration.ofSeconds(9)).basis()).isEqualTo(Basis.SINCE_CAUGHT_UP);
        }
        assertThat(of(written(Duration.ofMinutes(-5), TimestampType.CREATE_TIME), null)
                        .value())
                .contains(Duration.ZERO);
    }
}
