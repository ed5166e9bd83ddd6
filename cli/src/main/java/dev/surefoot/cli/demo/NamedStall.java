package dev.surefoot.cli.demo;

import dev.surefoot.progress.StallCause;
import java.time.Duration;

/**
 * A stall that the demo has made, and what the consumer has called it.
 *
 * @param made what was done to the partition
 * @param expected the cause
 * @param named the cause that the consumer named last
 * @param after how long that took
 */
record NamedStall(String made, StallCause expected, StallCause named, Duration after) {

    /** Returns whether it was named rightly. */
    boolean isNamed() {
        return named == expected;
    }
}
