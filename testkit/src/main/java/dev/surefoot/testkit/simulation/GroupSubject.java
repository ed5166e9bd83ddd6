package dev.surefoot.testkit.simulation;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.coordinator.BrokerBug;
import dev.surefoot.testkit.simulation.coordinator.ConsumerGroupBug;
import java.util.Set;

/**
 * What takes the place of sound parts in a run with a group.
 *
 * @param seams what takes the place of shipped parts in every consumer
 * @param classicBugs what is wrong with the coordinator of the classic protocol
 * @param consumerBugs what is wrong with the coordinator of the consumer protocol
 */
public record GroupSubject(Seams seams, Set<BrokerBug> classicBugs, Set<ConsumerGroupBug> consumerBugs) {
    /** Everything is sound. */
    public static final GroupSubject SHIPPED = of(Seams.NONE);

    /** Returns what has a sound coordinator. */
    public static GroupSubject of(Seams seams) {
        return new GroupSubject(seams, Set.of(), Set.of());
    }
}
