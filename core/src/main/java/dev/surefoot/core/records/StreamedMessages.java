package dev.surefoot.core.records;

import java.util.function.Supplier;

/**
 * Decodes messages of the formats v0 and v1 from a window over their stream. The window holds the whole current
 * message. Owned by one cursor.
 *
 * <p>Offsets inside a v1 wrapper are relative to the last one, which is at the end of the stream. So the stream is read
 * to its end once and then opened a second time. In the first pass the cursor gets each message with the offset -1,
 * which is below any position. So the cursor can pause in this pass too.
 */
final class StreamedMessages implements RecordReader {

    private static final long BEFORE_ANY_POSITION = -1;

    private final SlidingWindow window;
    private final Supplier<DecompressedStream> fromStart;
    private final LegacyRecordReader messages;
    private final RecordBound bound;
    private boolean isLookingForEnd;

    /**
     * Opens the wrapper under the header.
     *
     * @param window at the start of the stream
     * @param fromStart opens the stream again from its start
     * @param messages opened for the wrapper
     */
    StreamedMessages(
            BatchHeader header,
            SlidingWindow window,
            Supplier<DecompressedStream> fromStart,
            LegacyRecordReader messages,
            RecordBound bound) {
        this.window = window;
        this.fromStart = fromStart;
        this.messages = messages;
        this.bound = bound;
        this.isLookingForEnd = header.magic() > 0;
        if (window.fill(1) == 0) {
            throw LegacyRecordReader.empty();
        }
    }

    @Override
    public boolean hasNext() {
        return isLookingForEnd || window.position() < window.end();
    }

    @Override
    public int remaining() {
        return 0;
    }

    @Override
    public void next(RecordView record) {
        int available = window.fill(LegacyRecordReader.WRAPPED_BYTES_MIN);
        int size = LegacyRecordReader.wrappedSize(window.buffer(), window.position(), available);
        bound.check(size);
        long bytes = (long) LegacyRecordReader.SIZE_END + size;
        if (isLookingForEnd) {
            record.offset = BEFORE_ANY_POSITION;
            passOver(bytes);
            return;
        }
        // One more byte shows whether another message follows.
        window.fill(bytes + 1);
        int start = window.position();
        messages.moveTo(window.buffer(), start, window.end());
        messages.next(record);
        window.pass(record.end - start);
    }

    private void passOver(long bytes) {
        long innerOffset = window.buffer().getLong(window.position());
        long passed = window.skip(bytes);
        if (passed < bytes) {
            throw LegacyRecordReader.tooLong(bytes - LegacyRecordReader.SIZE_END, passed - LegacyRecordReader.SIZE_END);
        }
        if (window.fill(1) == 0) {
            messages.endAt(innerOffset);
            isLookingForEnd = false;
            window.restart(fromStart.get());
            window.fill(1);
        }
    }
}
