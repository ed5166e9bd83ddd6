package dev.surefoot.cli.consume;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How topics are read.
 *
 * @param from where to begin
 * @param max how many records to print at most
 * @param untilEnd whether to stop at the end of every partition, as it stood at the start
 * @param untilMs whether to stop before the first record of that time (milliseconds since 1970) or later
 * @param timeout how long one question to the cluster may take
 */
record ReadingOptions(StartPosition from, long max, boolean untilEnd, OptionalLong untilMs, Duration timeout) {}
