package dev.surefoot.testkit.simulation.world;

import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Until when each act was in force, for what a client may say of it. What matters to a client is how long ago that is
 * in time in which its process ran: it cannot get over anything while it is stopped. Used by the simulation's thread.
 */
public final class Troubles {
    /**
     * How much of a stop a client cannot notice: its loop may wait for a second in any case, and be half a second late.
     */
    private static final long UNNOTICED_NANOS = 1_500_000_000L;

    /** A time in which the process was stopped. */
    private record Stop(long fromNanos, long untilNanos) {}

    private final VirtualTime time;
    private final Map<Act, Long> untilNanos = new EnumMap<>(Act.class);
    private final List<Stop> stops = new ArrayList<>();
    private long noticeableNanos;

    Troubles(VirtualTime time) {
        this.time = time;
    }

    /** Notes an act that is in force for {@code nanos} from now on. */
    public void note(Act act, long nanos) {
        untilNanos.merge(act, time.nanos() + nanos, Math::max);
    }

    /** Notes that the act is in force until {@link #ends}. */
    public void lasts(Act act) {
        untilNanos.put(act, Long.MAX_VALUE);
    }

    /** Notes that the act is not in force any more. */
    public void ends(Act act) {
        untilNanos.computeIfPresent(act, (each, until) -> Math.min(until, time.nanos()));
    }

    /** Notes that the process stops for {@code nanos} from now on. */
    void stop(long nanos) {
        stops.add(new Stop(time.nanos(), time.nanos() + nanos));
        noticeableNanos += Math.max(0, nanos - UNNOTICED_NANOS);
    }

    /** Returns for how many nanoseconds the process has run so far, as far as a client can notice. */
    public long runningNanos() {
        return time.nanos() - noticeableNanos;
    }

    /** For how long the event's act is in force, in nanoseconds; 0 for one that is over at once. */
    static long nanos(Event event) {
        return switch (event.act()) {
            case CONNECTIONS_REFUSED,
                    NOT_READY,
                    BROKER_CRASH,
                    NO_SESSION_SLOT,
                    METADATA_STALE,
                    METADATA_WITHOUT_IDS,
                    PARTITION_FAILS,
                    HIGH_WATERMARK_HELD,
                    NO_POLL -> event.amount() * 1_000;
            default -> 0;
        };
    }

    /** Whether the act was in force at some moment of the last {@code nanos} in which the process ran. */
    public boolean was(Act act, long nanos) {
        Long until = untilNanos.get(act);
        return until != null && until >= time.nanos() - nanos - stoppedSince(until);
    }

    private long stoppedSince(long nanos) {
        long stopped = 0;
        for (Stop stop : stops) {
            stopped += Math.max(0, stop.untilNanos() - Math.max(nanos, stop.fromNanos()));
        }
        return stopped;
    }
}
