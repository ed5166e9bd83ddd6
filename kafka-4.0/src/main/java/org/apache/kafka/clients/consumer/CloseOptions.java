package org.apache.kafka.clients.consumer;

import java.time.Duration;
import java.util.Optional;

/**
 * Options for closing a consumer, for programs with kafka-clients 4.0.x, which does not have this class.
 * {@code SurefootConsumer} has a method that takes one, as {@code Consumer} demands from 4.1 on; a program that lists
 * its methods by reflection needs the class. It has the methods of Kafka's own, and must not be on the class path of
 * 4.1 or later. Not safe for use by several threads.
 */
public class CloseOptions {
    /** What happens to the membership in a consumer group. */
    public enum GroupMembershipOperation {
        LEAVE_GROUP,
        REMAIN_IN_GROUP,
        DEFAULT
    }

    private GroupMembershipOperation operation = GroupMembershipOperation.DEFAULT;
    private Optional<Duration> timeout = Optional.empty();

    private CloseOptions() {}

    /** @param timeout how long closing may take; null for the default of 30 s */
    public static CloseOptions timeout(Duration timeout) {
        return new CloseOptions().withTimeout(timeout);
    }

    /** @throws NullPointerException if the operation is null */
    public static CloseOptions groupMembershipOperation(GroupMembershipOperation operation) {
        return new CloseOptions().withGroupMembershipOperation(operation);
    }

    /** @param timeout how long closing may take; null for the default of 30 s */
    public CloseOptions withTimeout(Duration timeout) {
        this.timeout = Optional.ofNullable(timeout);
        return this;
    }

    /** @throws NullPointerException if the operation is null */
    public CloseOptions withGroupMembershipOperation(GroupMembershipOperation operation) {
        if (operation == null) {
            throw new NullPointerException("operation");
        }
        this.operation = operation;
        return this;
    }

    public GroupMembershipOperation groupMembershipOperation() {
        return operation;
    }

    /** How long closing may take; empty for the default of 30 s. */
    public Optional<Duration> timeout() {
        return timeout;
    }
}
