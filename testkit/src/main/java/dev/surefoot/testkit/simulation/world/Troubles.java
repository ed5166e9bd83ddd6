package dev.surefoot.testkit.simulation.world;

import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Until when each act was in force, for what a client may say of it. What matters to a client is how long ago that is
 * in time in which its process ran: it cannot get over anything while it is stopped. Used by the simulation's thread.
 */
public final class Troubles {
    /**
     * How much of a stop a client cannot notice: its loop may wait for a second in any case, and be half a second late.
     */
    private static final long UNNOTICED_NANOS = 1_500_000_000L;

    /** For how long the application waits for what it commits, or asks about commits, at most. */
    private static final long WAITS_NANOS = 5_000_000_000L;

    private static final long NEVER = Long.MIN_VALUE;

    /** A time in which the process was stopped. */
    private record Stop(long fromNanos, long untilNanos) {}

    private final VirtualTime time;
    /** Those of the world that this process shares with others, or null. */
    private final @Nullable Troubles shared;

    private final Map<Act, Long> untilNanos = new EnumMap<>(Act.class);
    private final List<Stop> stops = new ArrayList<>();

    Troubles(VirtualTime time) {
        this(time, null);
    }

    private Troubles(VirtualTime time, @Nullable Troubles shared) {
        this.time = time;
        this.shared = shared;
    }

    /** Returns the troubles of one of several processes: those of the world, and its own. */
    Troubles ofProcess() {
        return new Troubles(time, this);
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

    /** Notes what the application of a member does now, or its listener. */
    public void noteOfMember(Event event) {
        switch (event.act()) {
            case MEMBER_PAUSES, MEMBER_SLOW -> lasts(event.act());
            case MEMBER_RESUMES -> ends(Act.MEMBER_PAUSES);
            case MEMBER_CLOSED -> noteForAll(event.act());
            case MEMBER_AWAY, LISTENER_SLOW, UNSUBSCRIBED -> note(event.act(), event.amount() * 1_000);
            case COMMIT_SYNC, COMMIT_SYNC_ONE, ASK_COMMITTED, LISTENER_COMMITS -> note(event.act(), WAITS_NANOS);
            default -> note(event.act(), 0);
        }
    }

    /** Notes what happens to the process and concerns the others as well. */
    public void noteForAll(Act act) {
        ofWorld().note(act, 0);
    }

    private Troubles ofWorld() {
        return shared == null ? this : shared;
    }

    /**
     * Notes that the process stops for {@code nanos} from now on, or longer if it is stopped already. One that stops at
     * the moment at which it goes on has had a turn in between, and begins to wait anew.
     */
    void stop(long nanos) {
        long now = time.nanos();
        long untilNanos = now + nanos;
        Stop last = stops.isEmpty() ? null : stops.get(stops.size() - 1);
        if (last != null && last.untilNanos() > now) {
            stops.set(stops.size() - 1, new Stop(last.fromNanos(), Math.max(last.untilNanos(), untilNanos)));
        } else {
            stops.add(new Stop(now, untilNanos));
        }
    }

    /** Notes that the process goes on. */
    void goOn() {
        long now = time.nanos();
        stops.replaceAll(stop -> new Stop(stop.fromNanos(), Math.min(stop.untilNanos(), now)));
    }

    /** Returns for how many nanoseconds the process has run so far, as far as a client can notice. */
    public long runningNanos() {
        return ranNanos(UNNOTICED_NANOS);
    }

    /** Returns for how many nanoseconds the process has run so far. While it is stopped it can do nothing. */
    public long ranNanos() {
        return ranNanos(0);
    }

    /** @param countedNanos how much of each stop counts as having run */
    private long ranNanos(long countedNanos) {
        long now = time.nanos();
        long stopped = 0;
        for (Stop stop : stops) {
            stopped += Math.max(0, Math.min(now, stop.untilNanos()) - stop.fromNanos() - countedNanos);
        }
        return now - stopped;
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
                    NO_POLL,
                    COORDINATOR_MOVED,
                    COORDINATOR_CRASHED,
                    WRITES_LOST,
                    OFFSET_UNSTABLE -> event.amount() * 1_000;
            default -> 0;
        };
    }

    /** Whether the act was in force at some moment of the last {@code nanos} in which the process ran. */
    public boolean was(Act act, long nanos) {
        long until = untilNanos(act);
        return until != NEVER && until >= time.nanos() - nanos - stoppedSince(until);
    }

    /** Whether the act has happened at all. */
    public boolean was(Act act) {
        return untilNanos(act) != NEVER;
    }

    private long untilNanos(Act act) {
        long own = untilNanos.getOrDefault(act, NEVER);
        return shared == null ? own : Math.max(own, shared.untilNanos(act));
    }

    private long stoppedSince(long nanos) {
        long stopped = 0;
        for (Stop stop : stops) {
            long untilNanos = Math.min(time.nanos(), stop.untilNanos());
            stopped += Math.max(0, untilNanos - Math.max(nanos, stop.fromNanos()));
        }
        return stopped;
    }
}
