package dev.surefoot.testkit.simulation.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions of one broker: a number of slots, and the rule of eviction. All sessions are those of consumers,
 * so none is privileged. It is one shard; a real broker has eight, which behave the same and are independent.
 */
public final class SessionCache {
    /** How long a session must have been idle, or alive, before another may take its slot. */
    public static final long EVICTION_AGE_NANOS = 120_000_000_000L;

    /** How the ids of new sessions are chosen. */
    public enum Ids {
        /** At random, as Kafka does. */
        RANDOM,
        /** Counted from 1 on, again after each restart, as other implementations do. */
        SEQUENTIAL
    }

    private final Map<Integer, BrokerSession> sessions = new LinkedHashMap<>();
    private final Ids ids;
    private final int firstEpoch;
    private final SplittableRandom random;
    private int slots;
    private int lastId;

    SessionCache(Ids ids, int slots, int firstEpoch, SplittableRandom random) {
        this.ids = ids;
        this.slots = slots;
        this.firstEpoch = firstEpoch;
        this.random = random;
    }

    /** Returns the session with this id, or null. */
    public @Nullable BrokerSession get(int id) {
        return sessions.get(id);
    }

    /** Returns all sessions in the cache. */
    public Collection<BrokerSession> all() {
        return sessions.values();
    }

    /** Sets the number of slots; existing sessions stay. */
    public void slots(int count) {
        slots = count;
    }

    /** Removes a session, as eviction does. */
    public void remove(int id) {
        sessions.remove(id);
    }

    /** Removes all sessions, as a restart does. */
    void restart() {
        sessions.clear();
        lastId = 0;
    }

    /** Opens a session for so many partitions; returns null when there is no slot for it. */
    @Nullable BrokerSession open(boolean byTopicId, int size, long nowNanos) {
        if (sessions.size() >= slots && !makeRoom(size, nowNanos)) {
            return null;
        }
        BrokerSession opened = new BrokerSession(newId(), byTopicId, firstEpoch, nowNanos);
        sessions.put(opened.id(), opened);
        return opened;
    }

    private boolean makeRoom(int size, long nowNanos) {
        if (slots == 0 || sessions.isEmpty()) {
            return false;
        }
        BrokerSession idlest = sessions.values().stream()
                .min(Comparator.comparingLong(BrokerSession::lastUsedNanos).thenComparingInt(BrokerSession::id))
                .orElseThrow();
        if (nowNanos - idlest.lastUsedNanos() > EVICTION_AGE_NANOS) {
            sessions.remove(idlest.id());
            return true;
        }
        BrokerSession smallest = sessions.values().stream()
                .filter(session -> session.ageWhenUsed() > EVICTION_AGE_NANOS)
                .min(Comparator.comparingInt(BrokerSession::sizeWhenUsed).thenComparingInt(BrokerSession::id))
                .orElse(null);
        if (smallest == null || smallest.sizeWhenUsed() >= size) {
            return false;
        }
        sessions.remove(smallest.id());
        return true;
    }

    private int newId() {
        if (ids == Ids.SEQUENTIAL) {
            return ++lastId;
        }
        int id;
        do {
            id = random.nextInt(1, Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        return id;
    }
}
