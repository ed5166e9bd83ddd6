package dev.surefoot.core.records;

import org.apache.kafka.common.InvalidRecordException;

/** Decodes the records of one open batch, one after another. */
sealed interface RecordReader permits DefaultRecordReader, LegacyRecordReader, StreamedRecords, StreamedMessages {

    /** Whether the open batch has another record. */
    boolean hasNext();

    /** The number of records that the open batch claims to have left, or 0 if its format does not say. */
    int remaining();

    /**
     * Decodes the next record.
     *
     * @param record gets the places of the record's parts
     * @throws InvalidRecordException if the record is malformed, or bytes follow the last one
     */
    void next(RecordView record);
}
