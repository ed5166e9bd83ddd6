package dev.surefoot.testkit.museum;

import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.FetchSession;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit F27, after franz-go before April 2026: encoding a request consumes its changes. When the write has to be
 * repeated, the second encoding contains no changes.
 */
final class PlanReadOnce extends FlawedSession {

    PlanReadOnce(FetchSession sound) {
        super(sound);
    }

    @Override
    public FetchPlan plan(boolean topicIds, boolean sessions, long nowNanos) {
        FetchPlan plan = super.plan(topicIds, sessions, nowNanos);
        return inPlaceOf(plan, withPartitions(plan, new ReadOnce<>(plan.partitions())));
    }

    /** A map that is empty after one complete iteration. Look-ups do not change it. */
    private static final class ReadOnce<K, V> extends AbstractMap<K, V> {
        private final Map<K, V> left;

        ReadOnce(Map<K, V> all) {
            this.left = new LinkedHashMap<>(all);
        }

        @Override
        public @Nullable V get(@Nullable Object key) {
            return left.get(key);
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return left.containsKey(key);
        }

        @Override
        public Set<Entry<K, V>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public int size() {
                    return left.size();
                }

                @Override
                public Iterator<Entry<K, V>> iterator() {
                    Iterator<Entry<K, V>> entries =
                            new LinkedHashMap<>(left).entrySet().iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            if (!entries.hasNext()) {
                                left.clear();
                            }
                            return entries.hasNext();
                        }

                        @Override
                        public Entry<K, V> next() {
                            return entries.next();
                        }
                    };
                }
            };
        }
    }
}
