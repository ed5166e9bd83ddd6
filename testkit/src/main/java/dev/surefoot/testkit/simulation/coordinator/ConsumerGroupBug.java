package dev.surefoot.testkit.simulation.coordinator;

/** Bugs of older coordinators that a client has to live with. None is on by default. */
public enum ConsumerGroupBug {
    /** A partition counts as free while its holder has yet to give it up, so that two hold it (KAFKA-16147). */
    PARTITION_GIVEN_TWICE,
    /** A join that gets no partition yet is answered with epoch 0 (KAFKA-21581). */
    JOIN_ANSWERED_WITH_EPOCH_ZERO,
    /** What a member has yet to give up is not free for this member either (KAFKA-19449). */
    OWN_REVOCATION_NOT_FREE,
    /** A known member that joins with epoch 0 is fenced for as long as its session lasts (KAFKA-19233). */
    KNOWN_MEMBER_CANNOT_REJOIN
}
