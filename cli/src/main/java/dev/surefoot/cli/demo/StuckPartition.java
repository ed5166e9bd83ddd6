package dev.surefoot.cli.demo;

/**
 * A partition that does not advance any more although it has more records.
 *
 * @param offset the consumer's position
 * @param end the offset after the last record
 */
record StuckPartition(int partition, long offset, long end) {

    /** Returns how many offsets the consumer has not passed. */
    long remaining() {
        return end - offset;
    }
}
