package dev.surefoot.core.guard;

import dev.surefoot.core.guard.Announcement.Affected;
import dev.surefoot.core.guard.Announcement.Kind;
import dev.surefoot.core.guard.Announcement.Stalling;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The causes that are no stall and that people should know of: each is said once when it has lasted, and at most once
 * an hour if it comes and goes. Owned by the loop's thread.
 */
final class Notes {
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final long HOUR_NANOS = 60 * MINUTE_NANOS;

    /** The cause that was noted of a partition and still holds. */
    private final Map<TopicPartition, StallCause> noted = new HashMap<>();

    private final Map<StallCause, List<Sight>> due = new EnumMap<>(StallCause.class);
    private final Map<StallCause, Long> saidNanos = new EnumMap<>(StallCause.class);

    /** For how long a cause has to last, in nanoseconds, or -1 if it is not noted. */
    private static long lastsNanos(StallCause cause) {
        return switch (cause) {
            case APPLICATION_SLOW, FETCH_SLOW -> 5 * MINUTE_NANOS;
            case COMMIT_FAILING -> MINUTE_NANOS;
            case SESSION_THRASH, GROUP_UNSTABLE, PROCESS_PAUSED -> 0;
            default -> -1;
        };
    }

    boolean concerns(TopicPartition partition, StallCause cause) {
        return lastsNanos(cause) >= 0 || noted.containsKey(partition);
    }

    void seen(Sight sight, long nowNanos) {
        StallCause cause = sight.conclusion().cause();
        @Nullable StallCause before = noted.get(sight.partition());
        if (before == cause) {
            return;
        }
        noted.remove(sight.partition());
        long lasts = lastsNanos(cause);
        if (lasts >= 0 && nowNanos - sight.causeNanos() >= lasts) {
            noted.put(sight.partition(), cause);
            due.computeIfAbsent(cause, key -> new ArrayList<>()).add(sight);
        }
    }

    void gone(TopicPartition partition) {
        noted.remove(partition);
    }

    /** Says what is due. What the limits hold back is not said later. */
    void settle(LineLimit limit, List<Announcement> news, long nowNanos) {
        for (Iterator<Map.Entry<StallCause, List<Sight>>> each = due.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<StallCause, List<Sight>> entry = each.next();
            Long last = saidNanos.get(entry.getKey());
            if ((last == null || nowNanos - last >= HOUR_NANOS) && limit.grant(nowNanos)) {
                saidNanos.put(entry.getKey(), nowNanos);
                news.add(note(entry.getValue(), nowNanos, limit.takeHeldBack()));
            }
            each.remove();
        }
    }

    private static Announcement note(List<Sight> sights, long nowNanos, long heldBack) {
        Sight first = sights.get(0);
        Conclusion conclusion = first.conclusion();
        List<TopicPartition> names =
                sights.stream().map(Sight::partition).limit(Affected.NAMES_MAX).toList();
        return new Announcement(
                Kind.LINE_OF_NOTE,
                new Stalling(
                        0,
                        conclusion.cause(),
                        first.severity(),
                        conclusion.scope(),
                        conclusion.evidence(),
                        conclusion.hidden(),
                        0),
                new Affected(sights.size(), names, first.position()),
                first.causeNanos(),
                nowNanos,
                null,
                heldBack);
    }
}
