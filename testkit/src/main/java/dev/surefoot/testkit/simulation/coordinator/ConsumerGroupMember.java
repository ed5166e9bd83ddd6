package dev.surefoot.testkit.simulation.coordinator;

/** A member of a KIP-848 group in the books of the coordinator. */
public record ConsumerGroupMember(String id, MemberMetadata metadata, CurrentAssignment current) {

    /** A member that is about to join. */
    static ConsumerGroupMember joining(String id) {
        return new ConsumerGroupMember(id, MemberMetadata.NONE, CurrentAssignment.NONE);
    }

    ConsumerGroupMember with(MemberMetadata changed) {
        return new ConsumerGroupMember(id, changed, current);
    }

    ConsumerGroupMember with(CurrentAssignment changed) {
        return new ConsumerGroupMember(id, metadata, changed);
    }

    /** The member that takes the place of this static one. */
    ConsumerGroupMember replacedBy(String newId) {
        return new ConsumerGroupMember(newId, metadata, current.takenOver());
    }
}
