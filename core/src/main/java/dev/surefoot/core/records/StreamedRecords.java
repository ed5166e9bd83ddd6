package dev.surefoot.core.records;

/**
 * Decodes records of format v2 from a window over their stream. The window holds the whole current record. Owned by one
 * cursor.
 */
final class StreamedRecords implements RecordReader {

    /** A record's length is a variable-length number of 5 bytes at most. */
    private static final int LENGTH_BYTES_MAX = 5;

    private final SlidingWindow window;
    private final DefaultRecordReader records;
    private final RecordBound bound;

    /** Opens the batch under the header. */
    StreamedRecords(BatchHeader header, SlidingWindow window, DefaultRecordReader records, RecordBound bound) {
        this.window = window;
        this.records = records;
        this.bound = bound;
        window.fill(1);
        records.open(header, window.buffer(), window.position(), window.end(), window.hasEnded());
    }

    @Override
    public boolean hasNext() {
        return records.hasNext();
    }

    @Override
    public int remaining() {
        return records.remaining();
    }

    @Override
    public void next(RecordView record) {
        long bytes = nextBytes();
        // A byte after the last record is an error, and is found only if it is in the window.
        window.fill(records.remaining() == 1 ? bytes + 1 : bytes);
        int start = window.position();
        records.moveTo(window.buffer(), start, window.end(), window.hasEnded());
        records.next(record);
        window.pass(record.end - start);
    }

    /** The bytes of the next record, its length field included. The reader refuses a damaged length. */
    private long nextBytes() {
        int available = Math.min(LENGTH_BYTES_MAX, window.fill(LENGTH_BYTES_MAX));
        long raw = 0;
        for (int i = 0; i < available; i++) {
            byte next = window.buffer().get(window.position() + i);
            raw |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                int length = VarintReader.unzigzag((int) raw);
                bound.check(length);
                return i + 1L + Math.max(0, length);
            }
        }
        return available;
    }
}
