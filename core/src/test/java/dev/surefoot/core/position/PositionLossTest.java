package dev.surefoot.core.position;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PositionLossTest {
    private static PositionLoss outOfRange(long offset) {
        return new PositionLoss("offset " + offset + " is out of range", offset, " by auto.offset.reset=latest", true);
    }

    @Test
    void skippedOffsetsAreCounted() {
        assertThat(outOfRange(5).describe(60))
                .isEqualTo(
                        "offset 5 is out of range; goes on at offset 60 instead of 5 by auto.offset.reset=latest, so 55"
                                + " offsets (5 to 59) are skipped. Check whether the topic's retention is long"
                                + " enough if that was not"
                                + " expected");
    }

    @Test
    void offsetsThatComeAgainAreCounted() {
        assertThat(outOfRange(61).describe(60))
                .isEqualTo(
                        "offset 61 is out of range; goes on at offset 60 instead of 61 by auto.offset.reset=latest, so"
                                + " offset 60 is read again. Check that the application can take records twice");
    }

    @Test
    void offsetsOfTwoLogsAreNotCompared() {
        assertThat(new PositionLoss("the topic is another one", 7, "", false).describe(0))
                .startsWith("the topic is another one; goes on at offset 0 instead of 7.")
                .doesNotContain("skipped")
                .doesNotContain("again");
    }

    @Test
    void thePlaceMayBeTheSame() {
        assertThat(outOfRange(60).describe(60)).endsWith("so nothing is skipped or read again");
    }

    @Test
    void aStrategyIsNamedAsTheConfigurationNamesIt() {
        assertThat(new ResetStrategy.Latest().configValue()).isEqualTo("latest");
        assertThat(new ResetStrategy.Earliest().configValue()).isEqualTo("earliest");
        assertThat(new ResetStrategy.None().configValue()).isEqualTo("none");
        assertThat(new ResetStrategy.ByDuration(Duration.ofHours(1)).configValue())
                .isEqualTo("by_duration:PT1H");
    }
}
