package dev.surefoot.cli.consume;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How topics are read.
 *
 * @param from where to begin
 * @param max the most records to print
 * @param untilEnd whether to stop at the end of every partition, as of the start
 * @param untilMs whether to stop before the first record of that time (milliseconds since 1970) or later
 * @param timeout how long one query to the cluster may take
 */
record ReadingOptions(StartPosition from, long max, boolean untilEnd, OptionalLong untilMs, Duration timeout) {}
