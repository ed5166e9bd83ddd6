package org.apache.kafka.clients.consumer;

import java.time.Duration;
import java.util.Optional;

/**
 * How a consumer is to be closed, for programs with kafka-clients 4.0.x, which has no such class yet.
 * {@code SurefootConsumer} has a method that takes one, as {@code Consumer} asks for from 4.1 on; whoever lists its
 * methods by reflection needs the class to be there. It can do what Kafka's own can, and must not be on the class path
 * of 4.1 or later. Not safe for use by several threads.
 */
public class CloseOptions {
    /** What becomes of the membership in a consumer group. */
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
