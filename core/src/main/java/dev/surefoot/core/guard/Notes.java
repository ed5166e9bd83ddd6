package dev.surefoot.core.guard;

import dev.surefoot.core.guard.Announcement.Affected;
import dev.surefoot.core.guard.Announcement.Kind;
import dev.surefoot.core.guard.Announcement.Stalling;
import dev.surefoot.progress.Evidence;
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
    private static final long PAUSE_MS = 10_000;

    /** The cause that was noted of a partition and still holds. */
    private final Map<TopicPartition, StallCause> noted = new HashMap<>();

    private final Map<StallCause, List<Sight>> due = new EnumMap<>(StallCause.class);
    private final Map<StallCause, Long> saidNanos = new EnumMap<>(StallCause.class);

    /** What concerns the consumer as a whole, as of the last round. */
    private List<ConsumerFinding.Named> concerns = List.of();

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

    void seen(TopicPartition partition, Sight sight, long nowNanos) {
        StallCause cause = sight.conclusion().cause();
        @Nullable StallCause before = noted.get(partition);
        if (before == cause) {
            return;
        }
        noted.remove(partition);
        long lasts = lastsNanos(cause);
        if (lasts >= 0 && nowNanos - sight.causeNanos() >= lasts) {
            noted.put(partition, cause);
            due.computeIfAbsent(cause, key -> new ArrayList<>()).add(sight);
        }
    }

    /** Takes over what concerns the consumer as a whole: each has lasted long enough already, by its own measure. */
    void concerned(List<ConsumerFinding.Named> now) {
        concerns = now;
    }

    void gone(TopicPartition partition) {
        noted.remove(partition);
    }

    /** Says what is due. What the limits hold back is not said later. */
    void settle(LineLimit limit, List<Announcement> news, long nowNanos) {
        for (Iterator<Map.Entry<StallCause, List<Sight>>> each = due.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<StallCause, List<Sight>> entry = each.next();
            if (mayBeSaid(entry.getKey(), limit, nowNanos)) {
                news.add(note(entry.getValue(), nowNanos, limit.takeHeldBack()));
            }
            each.remove();
        }
        for (ConsumerFinding.Named concern : concerns) {
            if (matters(concern) && mayBeSaid(concern.cause(), limit, nowNanos)) {
                news.add(note(concern, nowNanos, limit.takeHeldBack()));
            }
        }
    }

    /** Whether the limits allow to say this now; if so it counts as said. */
    private boolean mayBeSaid(StallCause cause, LineLimit limit, long nowNanos) {
        Long last = saidNanos.get(cause);
        boolean may = (last == null || nowNanos - last >= HOUR_NANOS) && limit.grant(nowNanos);
        if (may) {
            saidNanos.put(cause, nowNanos);
        }
        return may;
    }

    /** A pause of some seconds is for programs to see, and not worth a line. */
    private static boolean matters(ConsumerFinding.Named concern) {
        return !(concern.evidence() instanceof Evidence.Pause pause)
                || Math.max(pause.monotonicMs(), Math.abs(pause.wallMs() - pause.monotonicMs())) > PAUSE_MS;
    }

    private static Announcement note(ConsumerFinding.Named concern, long nowNanos, long heldBack) {
        return new Announcement(
                Kind.LINE_OF_NOTE,
                new Stalling(0, concern.cause(), concern.severity(), concern.scope(), concern.evidence(), null, 0),
                new Affected(0, List.of(), -1),
                concern.sinceNanos(),
                nowNanos,
                null,
                heldBack);
    }

    private static Announcement note(List<Sight> sights, long nowNanos, long heldBack) {
        Sight first = sights.get(0);
        Conclusion conclusion = first.conclusion();
        List<TopicPartition> names = sights.stream()
                .flatMap(sight -> sight.subject().partition().stream())
                .limit(Affected.NAMES_MAX)
                .toList();
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
