package dev.surefoot.cli.doctor;

import java.util.List;
import java.util.OptionalInt;

/**
 * A group as its coordinator describes it.
 *
 * @param id the group's name; empty for {@link Phase#ABSENT}
 * @param phase what its state means here
 * @param state the state as the broker names it, or why there is none
 * @param protocol {@code classic}, {@code consumer}, or empty if not known
 * @param coordinator the id of the broker that coordinates it
 * @param epoch the group's epoch, in the consumer protocol only
 * @param members its members
 * @param simple whether no member ever joined it: who reads for it assigns partitions itself
 */
record GroupView(
        String id,
        Phase phase,
        String state,
        String protocol,
        OptionalInt coordinator,
        OptionalInt epoch,
        List<MemberView> members,
        boolean simple) {

    /** What the state of a group means for who looks from outside. */
    enum Phase {
        /** No group is looked at, only a topic. */
        ABSENT,
        /** No broker coordinates it. */
        COORDINATOR_MISSING,
        /** Its coordinator still reads the group's log. */
        COORDINATOR_LOADING,
        /** Its coordinator does not answer. */
        COORDINATOR_UNREACHABLE,
        /** It could not be seen for another reason: it is gone, or this user may not see it any more. */
        UNSEEN,
        /** It has no members. */
        EMPTY,
        /** Its partitions are being assigned. */
        REBALANCING,
        /** Its partitions are assigned. */
        STABLE
    }

    GroupView {
        members = List.copyOf(members);
    }

    /** Returns what stands for a group where only a topic is looked at. */
    static GroupView absent() {
        return new GroupView("", Phase.ABSENT, "", "", OptionalInt.empty(), OptionalInt.empty(), List.of(), false);
    }

    /** Returns a group whose coordinator has not described it. */
    static GroupView undescribed(String id, Phase phase, String why) {
        return new GroupView(id, phase, why, "", OptionalInt.empty(), OptionalInt.empty(), List.of(), false);
    }

    /** Returns whether its coordinator has described it. */
    boolean isDescribed() {
        return switch (phase) {
            case EMPTY, REBALANCING, STABLE -> true;
            case ABSENT, COORDINATOR_MISSING, COORDINATOR_LOADING, COORDINATOR_UNREACHABLE, UNSEEN -> false;
        };
    }
}
