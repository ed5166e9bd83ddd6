package dev.surefoot.runtime;

import java.time.Duration;

/**
 * What the application's side of a group goes by.
 *
 * @param autoCommit {@code enable.auto.commit}
 * @param autoCommitIntervalNanos {@code auto.commit.interval.ms}
 * @param apiTimeoutNanos {@code default.api.timeout.ms}
 */
public record GroupOptions(boolean autoCommit, long autoCommitIntervalNanos, long apiTimeoutNanos) {
    /** Without commits of its own. */
    public static final GroupOptions DEFAULT = new GroupOptions(
            false, Duration.ofSeconds(5).toNanos(), Duration.ofMinutes(1).toNanos());
}
