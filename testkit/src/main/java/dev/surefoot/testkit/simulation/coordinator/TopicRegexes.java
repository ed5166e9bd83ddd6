package dev.surefoot.testkit.simulation.coordinator;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The regular expressions of a KIP-848 group: what they were resolved to, and the resolution that is under way. They
 * are resolved beside the requests, all of a group at once.
 */
final class TopicRegexes {
    /** The least time between two resolutions of a group. */
    static final long INTERVAL_MIN_MS = 10_000;

    private final SortedMap<String, Resolved> resolved = new TreeMap<>();
    private @Nullable Resolution underWay;

    /**
     * What an expression was resolved to.
     *
     * @param version the version of the image of topics that was looked at
     */
    record Resolved(SortedSet<String> topics, long version, long resolvedAtMs) {}

    /** Expressions that were resolved, and the time at which the group hears of it. */
    record Resolution(SortedMap<String, Resolved> results, long dueMs) {}

    /**
     * Refuses what is no regular expression.
     *
     * @throws org.apache.kafka.common.errors.ApiException with 128
     */
    static void requireValid(String regex) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw Errors.INVALID_REGULAR_EXPRESSION.exception(regex + ": " + e.getDescription());
        }
    }

    @Nullable Resolved get(String regex) {
        return resolved.get(regex);
    }

    SortedMap<String, Resolved> all() {
        return Collections.unmodifiableSortedMap(resolved);
    }

    void put(String regex, Resolved result) {
        resolved.put(regex, result);
    }

    void remove(String regex) {
        resolved.remove(regex);
    }

    /** All topics that an expression matches, whether they still exist or not. */
    SortedSet<String> topics() {
        SortedSet<String> topics = new TreeSet<>();
        resolved.values().forEach(result -> topics.addAll(result.topics()));
        return topics;
    }

    /**
     * Whether the expressions have to be resolved now.
     *
     * @param subscribed all expressions of the group, the one of the member that is being served included
     * @param isNew whether that member brought one that nobody had
     * @param newTopicsVersion the version of the topics that brought one to be matched
     */
    boolean isDue(Set<String> subscribed, boolean isNew, long newTopicsVersion, int refreshMs, long nowMs) {
        if (subscribed.isEmpty() || underWay != null) {
            return false;
        }
        if (resolved.isEmpty()) {
            return true;
        }
        Resolved any = resolved.values().iterator().next();
        if (nowMs <= any.resolvedAtMs() + INTERVAL_MIN_MS) {
            return false;
        }
        return isNew
                || subscribed.size() != resolved.size()
                || any.version() < newTopicsVersion
                || nowMs > any.resolvedAtMs() + refreshMs;
    }

    /** Resolves all expressions by the topics as they are now; the group hears of it later. */
    void resolve(Set<String> subscribed, TopicCatalog topics, long nowMs, int delayMs) {
        SortedMap<String, Resolved> results = new TreeMap<>();
        for (String regex : subscribed) {
            Pattern pattern = Pattern.compile(regex);
            SortedSet<String> matching = topics.topics().stream()
                    .map(TopicCatalog.Topic::name)
                    .filter(name -> pattern.matches(name) && !topics.isHidden(name))
                    .collect(Collectors.toCollection(TreeSet::new));
            results.put(regex, new Resolved(matching, topics.version(), nowMs));
        }
        underWay = new Resolution(results, nowMs + delayMs);
    }

    /** The resolution that the group has not heard of, or null. */
    @Nullable Resolution underWay() {
        return underWay;
    }

    void endResolution() {
        underWay = null;
    }

    TopicRegexes copy() {
        TopicRegexes copy = new TopicRegexes();
        copy.resolved.putAll(resolved);
        copy.underWay = underWay;
        return copy;
    }
}
