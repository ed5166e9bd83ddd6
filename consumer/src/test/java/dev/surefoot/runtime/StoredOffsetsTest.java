package dev.surefoot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StoredOffsetsTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final TopicPartition T1 = new TopicPartition("t", 1);
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final StoredOffsets stored = new StoredOffsets();

    private static Map<TopicPartition, OffsetAndMetadata> at(long first, long second) {
        return Map.of(T0, new OffsetAndMetadata(first), T1, new OffsetAndMetadata(second));
    }

    @Test
    void aPositionIsUnstoredUntilACommitOfItHasSucceeded() {
        assertThat(stored.unstored(at(5, 6))).isEqualTo(at(5, 6));
        stored.succeeded(at(5, 6), stored.period(), 0);
        assertThat(stored.unstored(at(5, 6))).isEmpty();
        assertThat(stored.unstored(at(5, 7))).containsOnlyKeys(T1);
    }

    @Test
    void aPositionBehindWhatIsStoredIsUnstored() {
        stored.succeeded(at(5, 6), stored.period(), 0);
        assertThat(stored.unstored(at(4, 6))).containsOnlyKeys(T0);
    }

    /** The commit that is under way may store another offset, and one that failed may have stored it. */
    @Test
    void whatIsUnderWayOrHasFailedIsNotKnown() {
        stored.succeeded(at(5, 6), stored.period(), 0);
        stored.becomeUnknown(List.of(T0));
        assertThat(stored.unstored(at(5, 6))).containsOnlyKeys(T0);
    }

    @Test
    void aCommitOfAnEarlierPeriodSaysNothing() {
        long before = stored.period();
        stored.beginPeriod();
        stored.succeeded(at(5, 6), before, 0);
        assertThat(stored.unstored(at(5, 6))).isEqualTo(at(5, 6));
        stored.succeeded(at(5, 6), stored.period(), 0);
        stored.beginPeriod();
        assertThat(stored.unstored(at(5, 6))).isEqualTo(at(5, 6));
    }

    @Test
    void allIsSaidAgainOnceInAnHour() {
        stored.succeeded(Map.of(T0, new OffsetAndMetadata(5)), stored.period(), 0);
        stored.succeeded(Map.of(T1, new OffsetAndMetadata(6)), stored.period(), HOUR / 2);
        stored.beginPeriodIfDue(HOUR - 1);
        assertThat(stored.unstored(at(5, 6))).isEmpty();
        stored.beginPeriodIfDue(HOUR);
        assertThat(stored.unstored(at(5, 6))).isEqualTo(at(5, 6));
        stored.succeeded(at(5, 6), stored.period(), HOUR);
        stored.beginPeriodIfDue(2 * HOUR - 1);
        assertThat(stored.unstored(at(5, 6))).isEmpty();
    }
}
