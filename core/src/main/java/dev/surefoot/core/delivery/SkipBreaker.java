package dev.surefoot.core.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Ends the passing over of units when it looks as if not the data is bad but what reads it: without it a deserializer
 * that always fails would pass over whole topics. Once it has tripped it stays so: units in a row for all partitions,
 * units of an hour for their partition. Has no clock.
 */
public final class SkipBreaker {
    /** The most units of one partition that are passed over in an hour. */
    public static final int HOUR_MAX = 100;

    private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();

    private final int rowMax;
    private final Map<TopicPartition, ArrayDeque<Long>> passedAtNanos = new HashMap<>();
    private final Map<TopicPartition, String> trippedFor = new HashMap<>();
    private @Nullable String tripped;
    private int row;
    private long recordsAtLast = -1;

    /** @param rowMax how many units may be passed over in a row, without a record between them; 1 or more */
    public SkipBreaker(int rowMax) {
        this.rowMax = rowMax;
    }

    /**
     * Asks whether one more unit may be passed over.
     *
     * @param recordsTaken how many records the application has taken so far
     * @return null if it may; otherwise why not, as a sentence without a full stop
     */
    public @Nullable String refusal(TopicPartition partition, long recordsTaken, long nowNanos) {
        if (recordsTaken != recordsAtLast) {
            row = 0;
        }
        if (tripped == null && row >= rowMax) {
            tripped = rowMax + " bad records or batches came in a row, without one good record between them";
        }
        ArrayDeque<Long> passed = passedAtNanos.get(partition);
        if (passed != null && !trippedFor.containsKey(partition)) {
            while (!passed.isEmpty() && nowNanos - passed.peek() >= HOUR_NANOS) {
                passed.remove();
            }
            if (passed.size() >= HOUR_MAX) {
                trippedFor.put(partition, HOUR_MAX + " bad records or batches of " + partition + " came in one hour");
            }
        }
        return tripped != null ? tripped : trippedFor.get(partition);
    }

    /** Records that a unit is passed over. */
    public void passed(TopicPartition partition, long recordsTaken, long nowNanos) {
        row = recordsTaken == recordsAtLast ? row + 1 : 1;
        recordsAtLast = recordsTaken;
        passedAtNanos.computeIfAbsent(partition, name -> new ArrayDeque<>()).add(nowNanos);
    }
}
