package dev.surefoot.cli.consume;

import java.time.Duration;

/**
 * How a topic is read.
 *
 * @param from where to begin
 * @param max how many records to print at most
 * @param untilEnd whether to stop at the end of every partition, as it stood at the start
 * @param timeout how long one question to the cluster may take
 */
record ReadingOptions(StartPosition from, long max, boolean untilEnd, Duration timeout) {}
