package dev.surefoot.testkit.simulation.coordinator;

import java.util.List;

/** Who leads a classic group whose leader is gone: brokers take any member, as their hash table has it. */
@FunctionalInterface
public interface LeaderChoice {
    /** The member that joined first among those that may lead. */
    LeaderChoice FIRST = candidates -> candidates.get(0);

    /**
     * @param candidates the ids of members that may lead, at least one, in the order in which they joined
     * @return one of them
     */
    String choose(List<String> candidates);
}
