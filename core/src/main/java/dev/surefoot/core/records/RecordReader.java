package dev.surefoot.core.records;

import org.apache.kafka.common.InvalidRecordException;

/** Decodes the records of one open batch, one after another. */
sealed interface RecordReader permits DefaultRecordReader, LegacyRecordReader, StreamedRecords, StreamedMessages {

    boolean hasNext();

    /** How many records the open batch claims to have left, or 0 if its format does not say. */
    int remaining();

    /**
     * Decodes the next record.
     *
     * @throws InvalidRecordException if the record, or what follows the last one, is malformed
     */
    void next(RecordView record);
}
