package dev.surefoot.testkit.simulation.guard;

import dev.surefoot.progress.PartitionProgress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * For how long each partition can have stood still, in time in which the process ran. What happens between two looks
 * counts as having happened at the earlier one, so that it is never too short. Used by one thread.
 */
final class Standstill {
    /**
     * An announcement is of the guard's last look, and the partition may have advanced since. Looks are a second apart,
     * and wait for the loop's next turn, which may be a second later.
     */
    private static final long LOOK_NANOS = 2_100_000_000L;

    private static final class Place {
        private long position;
        private long sinceNanos;
        private final List<Earlier> earlier = new ArrayList<>();

        void move(long afterNanos, long runningNanos) {
            earlier.removeIf(each -> runningNanos > each.explainsUntilNanos());
            earlier.add(new Earlier(runningNanos - sinceNanos, runningNanos + LOOK_NANOS));
            sinceNanos = afterNanos;
        }
    }

    /** A standstill that is over, and until when it explains an announcement. */
    private record Earlier(long stoodNanos, long explainsUntilNanos) {
        boolean explains(long nanos, long runningNanos) {
            return stoodNanos >= nanos && runningNanos <= explainsUntilNanos;
        }
    }

    private final Map<TopicPartition, Place> places = new HashMap<>();
    private long lastNanos;

    /** Forgets the partitions that are not assigned any more. */
    void keep(Set<TopicPartition> assigned) {
        places.keySet().retainAll(assigned);
    }

    /** Takes note of how far a partition is. Only a position that has grown is progress. */
    void look(PartitionProgress progress, long runningNanos) {
        long position = progress.position().orElse(-1);
        Place place = places.get(progress.partition());
        if (place == null) {
            place = new Place();
            place.position = position;
            place.sinceNanos = lastNanos;
            places.put(progress.partition(), place);
        } else if (position >= 0) {
            if (place.position >= 0 && position > place.position) {
                place.move(lastNanos, runningNanos);
            }
            place.position = position;
        }
    }

    /** Ends a look at all partitions. */
    void looked(long runningNanos) {
        lastNanos = runningNanos;
    }

    /** Whether the partition can have stood still for this long when the guard looked last. */
    boolean canHaveLasted(TopicPartition partition, long nanos, long runningNanos) {
        Place place = places.get(partition);
        return place == null
                || runningNanos - place.sinceNanos >= nanos
                || place.earlier.stream().anyMatch(each -> each.explains(nanos, runningNanos));
    }
}
