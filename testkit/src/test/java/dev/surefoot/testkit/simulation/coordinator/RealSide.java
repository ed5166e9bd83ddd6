package dev.surefoot.testkit.simulation.coordinator;

import org.apache.kafka.common.protocol.ApiMessage;

/** A real coordinator, as {@link CoordinatorTwins} sends requests to it. */
interface RealSide extends AutoCloseable {
    /** The answer to one request, which may take its time. */
    interface Pending {
        /** Whether a part of the answer is here. */
        boolean isAnswered();

        /** Waits for the answer. */
        ApiMessage await();
    }

    GroupSettings settings();

    TopicCatalog topics();

    /**
     * Sends a request over the connection of this name, which must have none under way.
     *
     * @param nowMs the time of the model; one that has a clock of its own does not look at it
     */
    Pending send(String connection, ApiMessage request, int version, long nowMs);

    /** Does what is due; one that has a clock of its own does so unasked. */
    void turn(long nowMs);

    /** Waits until everything that was sent before has reached the coordinator. */
    void awaitAllTakenIn();

    /** Waits until this group has no members and knows it: one with a clock of its own may be late to. */
    void awaitEmpty(String groupId);

    @Override
    void close();
}
