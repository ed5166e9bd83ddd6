package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.jspecify.annotations.Nullable;

/**
 * The content of the batch that a cursor is at. An uncompressed batch is read where it lies, a small compressed one
 * from scratch memory, and a large one through a window over a stream. Owned by its cursor, which calls {@link #take},
 * {@link #open} and {@link #close} for each batch; closing releases the memory and ends the stream.
 */
final class OpenBatch implements AutoCloseable {

    private final BatchHeader batch;
    private final boolean checkCrcs;
    private final Decompressor decompressor;
    private final DefaultRecordReader defaultReader = new DefaultRecordReader();
    private final LegacyRecordReader legacyReader;
    private final RecordReader nothing = new DefaultRecordReader();

    private @Nullable Scratch scratch;
    private @Nullable SlidingWindow window;
    private long closedStreamsBytes;

    /** @param batch the cursor moves it, but only while this is closed */
    OpenBatch(BatchHeader batch, BatchChecksum checksum, boolean checkCrcs, Decompressor decompressor) {
        this.batch = batch;
        this.checkCrcs = checkCrcs;
        this.decompressor = decompressor;
        this.legacyReader = new LegacyRecordReader(checksum);
    }

    /** Returns a reader without records, for a cursor between two batches. */
    RecordReader nothing() {
        return nothing;
    }

    /** Takes over the content of the batch if it was decompressed ahead; null if not. */
    void take(@Nullable Scratch content) {
        scratch = content;
    }

    /** Whether the batch was decompressed ahead, which includes verifying its checksum. */
    boolean isDecompressed() {
        return scratch != null;
    }

    /** Bytes of streams that have been passed so far, in all batches of the cursor. */
    long streamedBytes() {
        return closedStreamsBytes + (window == null ? 0 : window.passedBytes());
    }

    /**
     * Opens the batch under the header.
     *
     * @param previousOffset the last offset of the batch before
     * @throws InvalidRecordException if it is malformed
     * @throws UnsupportedCompressionTypeException if its codec is unknown, or its library cannot be loaded
     */
    RecordReader open(long previousOffset) {
        Codec codec = Codec.of(batch.codecId());
        return batch.isLegacy() ? openLegacy(codec, previousOffset) : openDefault(codec);
    }

    private RecordReader openDefault(Codec codec) {
        int start = batch.recordsStart();
        if (codec == Codec.NONE) {
            defaultReader.open(batch, batch.records(), start, batch.end());
            return defaultReader;
        }
        ByteBuffer compressed = batch.records().slice(start, batch.end() - start);
        Scratch whole = decompressed(codec, compressed);
        if (whole == null) {
            return new StreamedRecords(
                    batch, slidingOver(codec, compressed), defaultReader, decompressor.recordBound());
        }
        ByteBuffer content = whole.content();
        defaultReader.open(batch, content, 0, content.limit());
        return defaultReader;
    }

    private RecordReader openLegacy(Codec codec, long previousOffset) {
        return switch (codec) {
            case NONE -> {
                legacyReader.open(batch, previousOffset);
                yield legacyReader;
            }
            case GZIP, SNAPPY, LZ4 -> openWrapper(codec, previousOffset);
            case ZSTD ->
                throw new InvalidRecordException("the message set is compressed with zstd, which its format "
                        + batch.magic() + " does not have");
        };
    }

    private RecordReader openWrapper(Codec codec, long previousOffset) {
        ByteBuffer compressed = legacyReader.compressedContent(batch);
        Scratch whole = decompressed(codec, compressed);
        if (whole != null) {
            legacyReader.openWrapper(batch, previousOffset, whole.content(), checkCrcs);
            return legacyReader;
        }
        byte magic = batch.magic();
        legacyReader.openStream(batch, previousOffset, checkCrcs);
        return new StreamedMessages(
                batch,
                slidingOver(codec, compressed),
                () -> decompressor.stream(codec, magic, compressed),
                legacyReader,
                decompressor.recordBound());
    }

    /** Decompresses the batch if it is small and was not decompressed ahead. */
    private @Nullable Scratch decompressed(Codec codec, ByteBuffer compressed) {
        if (scratch == null) {
            scratch = decompressor.decompressIfSmall(codec, batch.magic(), compressed);
        }
        return scratch;
    }

    private SlidingWindow slidingOver(Codec codec, ByteBuffer compressed) {
        SlidingWindow opened = decompressor.window(codec, batch.magic(), compressed);
        window = opened;
        return opened;
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
        if (window != null) {
            closedStreamsBytes += window.passedBytes();
            window.close();
            window = null;
        }
    }
}
