package dev.surefoot.core.records;

import java.util.function.Supplier;

/**
 * Decodes messages of the formats v0 and v1 from a window over their stream, which always holds the
 * whole of the current one.
 *
 * <p>Offsets inside a v1 wrapper count back from the last one, which only the end of the stream tells. So the stream is
 * passed over once and then opened a second time. Each message that is passed over the first time is given to the
 * cursor as one with the offset -1, which is below any position, so that the cursor can pause there too.
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
     * @param fromStart begins the stream anew
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
        // One byte more shows whether there is another message.
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
