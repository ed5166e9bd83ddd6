package dev.surefoot.cli.doctor;

/**
 * The next record that a reader at the committed offset would get.
 *
 * @param exists whether there is one; if not, the rest is 0
 * @param offset its offset
 * @param timestampMs its timestamp
 * @param keyBytes the size of its key, -1 for null
 * @param valueBytes the size of its value, -1 for null
 */
record NextRecord(boolean exists, long offset, long timestampMs, int keyBytes, int valueBytes) {

    /** From the committed offset to the end there are only markers, aborted records or gaps of compaction. */
    static final NextRecord NONE = new NextRecord(false, 0, 0, 0, 0);
}
