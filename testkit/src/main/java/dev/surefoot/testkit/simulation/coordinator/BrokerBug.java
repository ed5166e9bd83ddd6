package dev.surefoot.testkit.simulation.coordinator;

/** A bug that coordinators of some versions have; the model has it where it is asked to. */
public enum BrokerBug {
    /** Nobody notices that a member does not send SyncGroup (KAFKA-12890): the others wait for ever. */
    NO_SYNC_TIMER,
    /** The parked JoinGroup of a new member never expires (KAFKA-7610): members pile up. */
    NO_NEW_MEMBER_TIMER
}
