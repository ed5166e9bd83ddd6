package dev.surefoot.testkit.simulation.world;

import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.ActCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The armed faults. Each waits for a request or answer of one broker, in the order in which they were armed. */
final class WireFaults {

    /** A fault that waits. */
    record Armed(Act act, int broker, int partition, long amount) {}

    private final List<Armed> armed = new ArrayList<>();
    private final ActCounts counts;
    private final Troubles troubles;

    WireFaults(ActCounts counts, Troubles troubles) {
        this.counts = counts;
        this.troubles = troubles;
    }

    void arm(Armed fault) {
        armed.add(fault);
    }

    /** Takes the first fault of these kinds at this broker, or returns null; it counts as having happened. */
    @Nullable Armed take(int broker, Set<Act> acts) {
        for (int i = 0; i < armed.size(); i++) {
            Armed fault = armed.get(i);
            if (fault.broker() == broker && acts.contains(fault.act())) {
                armed.remove(i);
                counts.happened(fault.act());
                troubles.note(fault.act(), fault.amount() * 1_000);
                return fault;
            }
        }
        return null;
    }

    /** Returns the first fault of these kinds at this broker, which stays armed, or null. */
    @Nullable Armed peek(int broker, Set<Act> acts) {
        for (Armed fault : armed) {
            if (fault.broker() == broker && acts.contains(fault.act())) {
                return fault;
            }
        }
        return null;
    }

    void happened(Armed fault) {
        armed.remove(fault);
        counts.happened(fault.act());
        troubles.note(fault.act(), 0);
    }

    /** Returns whether any answer has contained more bytes than its broker read. */
    boolean haveAddedBytes() {
        return counts.of(Act.PARTITION_TWICE) > 0 || counts.of(Act.LOW_BATCHES) > 0;
    }

    void disarmAll() {
        armed.clear();
    }
}
