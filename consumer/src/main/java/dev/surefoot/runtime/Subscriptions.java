package dev.surefoot.runtime;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.jspecify.annotations.Nullable;

/** What the application has asked to read: partitions of its choice, or topics by a group. Owned by its thread. */
public final class Subscriptions {
    /** The ways to ask; they exclude each other. */
    public enum Kind {
        NONE,
        /** Partitions that the application chooses. */
        PARTITIONS,
        /** Topics by their names. */
        TOPICS,
        /** Topics that match a pattern in this client. */
        PATTERN,
        /** Topics that the coordinator finds by a pattern. */
        COORDINATOR_PATTERN
    }

    private Kind kind = Kind.NONE;
    private Supplier<Set<String>> topics = Set::of;
    private @Nullable ConsumerRebalanceListener listener;

    Subscriptions() {}

    public Kind kind() {
        return kind;
    }

    /** Whether a group assigns the partitions. */
    boolean isInGroup() {
        return switch (kind) {
            case NONE, PARTITIONS -> false;
            case TOPICS, PATTERN, COORDINATOR_PATTERN -> true;
        };
    }

    /** The topics subscribed to, as a copy; of a pattern those that match. */
    public Set<String> topics() {
        return new TreeSet<>(topics.get());
    }

    @Nullable ConsumerRebalanceListener listener() {
        return listener;
    }

    /** @throws IllegalStateException if the application has asked in another way and has not unsubscribed */
    void become(Kind next) {
        require(next);
        kind = next;
    }

    /** Throws what {@link #become(Kind)} would, and changes nothing. */
    void require(Kind next) {
        if (kind != Kind.NONE && kind != next) {
            throw new IllegalStateException("Subscription to topics, partitions and pattern are mutually exclusive");
        }
    }

    void become(Kind next, Supplier<Set<String>> subscribed, @Nullable ConsumerRebalanceListener called) {
        become(next);
        topics = subscribed;
        listener = called;
    }

    void clear() {
        kind = Kind.NONE;
        topics = Set::of;
        listener = null;
    }
}
