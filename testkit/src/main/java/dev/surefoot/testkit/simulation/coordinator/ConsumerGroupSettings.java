package dev.surefoot.testkit.simulation.coordinator;

import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a coordinator is configured for KIP-848 groups; times in milliseconds.
 *
 * @param sessionTimeoutMs {@code group.consumer.session.timeout.ms}
 * @param heartbeatIntervalMs {@code group.consumer.heartbeat.interval.ms}
 * @param assignmentIntervalMs {@code group.consumer.assignment.interval.ms}; 0 before 4.3
 * @param sizeMax {@code group.consumer.max.size}
 * @param regexRefreshMs how old a resolved regular expression may be
 * @param regexDelayMs how long it takes to resolve regular expressions
 * @param strictCommits whether a commit with an older epoch always fails, as before 4.3 (KIP-1251)
 * @param assignors the first is the default
 */
public record ConsumerGroupSettings(
        int sessionTimeoutMs,
        int heartbeatIntervalMs,
        int assignmentIntervalMs,
        int sizeMax,
        int regexRefreshMs,
        int regexDelayMs,
        boolean strictCommits,
        List<TargetAssignor> assignors,
        Set<ConsumerGroupBug> bugs) {

    /** What a broker of version 4.3 has by default. */
    public static ConsumerGroupSettings defaults() {
        return new ConsumerGroupSettings(
                45_000,
                5_000,
                1_000,
                Integer.MAX_VALUE,
                600_000,
                0,
                false,
                List.of(new UniformTargetAssignor(), new RangeTargetAssignor()),
                Set.of());
    }

    /** The same with other times, in milliseconds. */
    public ConsumerGroupSettings withTimes(int sessionMs, int heartbeatMs, int assignmentMs) {
        return new ConsumerGroupSettings(
                sessionMs,
                heartbeatMs,
                assignmentMs,
                sizeMax,
                regexRefreshMs,
                regexDelayMs,
                strictCommits,
                assignors,
                bugs);
    }

    /** The same with another bound of the members of a group. */
    public ConsumerGroupSettings withSizeMax(int members) {
        return new ConsumerGroupSettings(
                sessionTimeoutMs,
                heartbeatIntervalMs,
                assignmentIntervalMs,
                members,
                regexRefreshMs,
                regexDelayMs,
                strictCommits,
                assignors,
                bugs);
    }

    /** The same with another time that it takes to resolve regular expressions, in milliseconds. */
    public ConsumerGroupSettings withRegexDelayMs(int delayMs) {
        return new ConsumerGroupSettings(
                sessionTimeoutMs,
                heartbeatIntervalMs,
                assignmentIntervalMs,
                sizeMax,
                regexRefreshMs,
                delayMs,
                strictCommits,
                assignors,
                bugs);
    }

    /** The same with commits judged as by a broker before 4.3, or as by one since. */
    public ConsumerGroupSettings withStrictCommits(boolean strict) {
        return new ConsumerGroupSettings(
                sessionTimeoutMs,
                heartbeatIntervalMs,
                assignmentIntervalMs,
                sizeMax,
                regexRefreshMs,
                regexDelayMs,
                strict,
                assignors,
                bugs);
    }

    /** The same with other assignors, the first of which is the default. */
    public ConsumerGroupSettings withAssignors(List<TargetAssignor> others) {
        return new ConsumerGroupSettings(
                sessionTimeoutMs,
                heartbeatIntervalMs,
                assignmentIntervalMs,
                sizeMax,
                regexRefreshMs,
                regexDelayMs,
                strictCommits,
                List.copyOf(others),
                bugs);
    }

    /** The same with these bugs. */
    public ConsumerGroupSettings withBugs(Set<ConsumerGroupBug> others) {
        return new ConsumerGroupSettings(
                sessionTimeoutMs,
                heartbeatIntervalMs,
                assignmentIntervalMs,
                sizeMax,
                regexRefreshMs,
                regexDelayMs,
                strictCommits,
                assignors,
                Set.copyOf(others));
    }

    boolean has(ConsumerGroupBug bug) {
        return bugs.contains(bug);
    }

    SortedSet<String> assignorNames() {
        SortedSet<String> names = new TreeSet<>();
        assignors.forEach(assignor -> names.add(assignor.name()));
        return names;
    }

    /** The assignor of this name; the default one for null. */
    TargetAssignor assignor(@Nullable String name) {
        return assignors.stream()
                .filter(assignor -> assignor.name().equals(name))
                .findFirst()
                .orElse(assignors.get(0));
    }
}
