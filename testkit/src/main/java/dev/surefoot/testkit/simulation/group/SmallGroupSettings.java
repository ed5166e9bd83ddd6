package dev.surefoot.testkit.simulation.group;

import dev.surefoot.testkit.simulation.coordinator.BrokerBug;
import dev.surefoot.testkit.simulation.coordinator.ConsumerGroupBug;
import java.util.Set;

/**
 * The configuration of a small group. A new world is made for each path, so the same steps must lead to the same state.
 *
 * @param kind how the members take part
 * @param start who is a member at the start
 * @param isStatic whether each member has a {@code group.instance.id}
 * @param areTwins whether both have the same one
 * @param recordsMax the records in each partition, of which one is there at the start
 * @param parts what the members are made of
 * @param brokerBugs bugs of the coordinator of a classic group
 * @param consumerGroupBugs bugs of the coordinator of a KIP-848 group
 */
public record SmallGroupSettings(
        Kind kind,
        Start start,
        boolean isStatic,
        boolean areTwins,
        int recordsMax,
        MemberParts parts,
        Set<BrokerBug> brokerBugs,
        Set<ConsumerGroupBug> consumerGroupBugs) {

    /** How the members of a group take part in it. */
    public enum Kind {
        /** By the classic protocol; everything is given up before each join. */
        EAGER,
        /** By the classic protocol; partitions are given up one by one (KIP-429). */
        COOPERATIVE,
        /** By the consumer protocol (KIP-848). */
        CONSUMER;

        boolean isClassic() {
            return this != CONSUMER;
        }
    }

    /** Who is a member of the group at the start. */
    public enum Start {
        /** Nobody. */
        NOBODY,
        /** Member 0 owns everything. */
        ONE,
        /** Both own one partition each. */
        BOTH
    }

    /** Two sound dynamic members. */
    public static SmallGroupSettings of(Kind kind, Start start) {
        return new SmallGroupSettings(kind, start, false, false, 1, MemberParts.SOUND, Set.of(), Set.of());
    }

    /** The same with members that are made of other parts. */
    public SmallGroupSettings with(MemberParts others) {
        return new SmallGroupSettings(
                kind, start, isStatic, areTwins, recordsMax, others, brokerBugs, consumerGroupBugs);
    }

    /** The same with other members at the start. */
    public SmallGroupSettings startingWith(Start other) {
        return new SmallGroupSettings(
                kind, other, isStatic, areTwins, recordsMax, parts, brokerBugs, consumerGroupBugs);
    }

    /** The same with more and more records, up to so many in each partition. */
    public SmallGroupSettings withRecordsMax(int count) {
        return new SmallGroupSettings(kind, start, isStatic, areTwins, count, parts, brokerBugs, consumerGroupBugs);
    }

    /** The same with static members. */
    public SmallGroupSettings withInstanceIds(boolean twins) {
        return new SmallGroupSettings(kind, start, true, twins, recordsMax, parts, brokerBugs, consumerGroupBugs);
    }

    /** The same with a coordinator that has a bug. */
    public SmallGroupSettings with(BrokerBug bug) {
        return new SmallGroupSettings(
                kind, start, isStatic, areTwins, recordsMax, parts, Set.of(bug), consumerGroupBugs);
    }

    /** The same with a coordinator that has a bug. */
    public SmallGroupSettings with(ConsumerGroupBug bug) {
        return new SmallGroupSettings(kind, start, isStatic, areTwins, recordsMax, parts, brokerBugs, Set.of(bug));
    }
}
