package dev.surefoot.testkit.cluster;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import kafka.server.BrokerServer;

/**
 * The incremental fetch sessions (KIP-227) that a broker holds at one moment.
 *
 * @param consumers sessions of consumers
 * @param followers sessions of other brokers' replica fetchers
 */
public record FetchSessionCount(int consumers, int followers) {

    /**
     * Counts the sessions in the broker's cache. The metric {@code NumIncrementalFetchSessions} has no broker in its
     * name: in a JVM with several brokers it belongs to the one that started last. It also counts consumers and
     * followers together.
     */
    static FetchSessionCount of(BrokerServer broker) {
        Object cache = read(broker.dataPlaneRequestProcessor().fetchManager(), "cache");
        int consumers = 0;
        int followers = 0;
        for (Object shard : (List<?>) read(cache, "cacheShards")) {
            // The shard guards its map with its own monitor.
            synchronized (shard) {
                Collection<?> sessions = ((Map<?, ?>) read(shard, "sessions")).values();
                int privileged = (int) sessions.stream()
                        .filter(session -> (boolean) read(session, "privileged"))
                        .count();
                followers += privileged;
                consumers += sessions.size() - privileged;
            }
        }
        return new FetchSessionCount(consumers, followers);
    }

    private static Object read(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This Kafka keeps its fetch sessions elsewhere: " + name, e);
        }
    }
}
