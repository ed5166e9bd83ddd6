package dev.surefoot.core.handover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatermarksTest {
    private static final FetchPosition POSITION = new FetchPosition(40, -1);

    @Test
    void theEndIsTheLastStableOffsetForWhomOnlyWhatIsCommittedCounts() {
        Watermarks marks = new Watermarks(100, 70, 30);
        assertThat(marks.lag(POSITION, false)).hasValue(60);
        assertThat(marks.lag(POSITION, true)).hasValue(30);
        assertThat(marks.lead(POSITION)).hasValue(10);
    }

    @Test
    void whatIsNotKnownIsNotZero() {
        assertThat(Watermarks.UNKNOWN.lag(POSITION, false)).isEmpty();
        assertThat(Watermarks.UNKNOWN.lag(POSITION, true)).isEmpty();
        assertThat(Watermarks.UNKNOWN.lead(POSITION)).isEmpty();
        assertThat(new Watermarks(100, -1, 0).lag(POSITION, true)).isEmpty();
    }

    @Test
    void aPositionBeyondAnEndIsNotLessThanNothingFromIt() {
        Watermarks marks = new Watermarks(30, 30, 50);
        assertThat(marks.lag(POSITION, false)).hasValue(0);
        assertThat(marks.lead(POSITION)).hasValue(0);
    }

    @Test
    void anEmptyLogHasAnEndAndABeginning() {
        Watermarks marks = new Watermarks(0, 0, 0);
        assertThat(marks.lag(FetchPosition.at(0), false)).hasValue(0);
        assertThat(marks.lag(FetchPosition.at(0), true)).hasValue(0);
        assertThat(marks.lead(FetchPosition.at(0))).hasValue(0);
    }
}
