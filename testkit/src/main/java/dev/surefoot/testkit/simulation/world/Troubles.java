package dev.surefoot.testkit.simulation.world;

import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import java.util.EnumMap;
import java.util.Map;

/** Until when each act was in force, for what a client may say of it. Used by the simulation's thread. */
public final class Troubles {
    private final VirtualTime time;
    private final Map<Act, Long> untilNanos = new EnumMap<>(Act.class);

    Troubles(VirtualTime time) {
        this.time = time;
    }

    /** Notes an act that is in force for {@code nanos} from now on. */
    public void note(Act act, long nanos) {
        untilNanos.merge(act, time.nanos() + nanos, Math::max);
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

    /** Whether the act was in force at some moment of the last {@code nanos}. */
    public boolean was(Act act, long nanos) {
        Long until = untilNanos.get(act);
        return until != null && until >= time.nanos() - nanos;
    }
}
