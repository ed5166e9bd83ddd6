package dev.surefoot.core.records;

import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * The largest record that is read from a batch which is not decompressed whole.
 *
 * @param maxBytes the most bytes that a record may have, without its length field
 */
record RecordBound(int maxBytes) {

    /** @throws RecordTooLargeException if a record claims more */
    void check(int claimedBytes) {
        if (claimedBytes > maxBytes) {
            throw new RecordTooLargeException("a record claims " + claimedBytes + " bytes, more than the " + maxBytes
                    + " bytes allowed by surefoot.decompressed.batch.max.bytes; raise it if the record is to be"
                    + " trusted");
        }
    }
}
