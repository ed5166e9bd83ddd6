package dev.surefoot.cli.demo;

/**
 * A partition that no longer advances although it holds more records.
 *
 * @param offset the consumer's position
 * @param end the offset after the last record
 */
record StuckPartition(int partition, long offset, long end) {

    /** How many offsets the consumer has not passed. */
    long remaining() {
        return end - offset;
    }
}
