package dev.surefoot.testkit.simulation.coordinator;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * What all groups of one coordinator share.
 *
 * @param groups by id; a conversion puts another one in a group's place
 * @param random makes member ids; the same seed makes the same ones
 */
record GroupContext(
        GroupSettings settings,
        ConsumerGroupSettings consumerGroups,
        Map<String, Group> groups,
        TopicCatalog topics,
        GroupTimers timers,
        Journal journal,
        CoordinatorLedger ledger,
        LeaderChoice leaderChoice,
        SplittableRandom random) {

    /** An id as a coordinator makes it for a new member. */
    String newMemberId(String prefix) {
        return prefix + "-" + new UUID(random.nextLong(), random.nextLong());
    }
}
