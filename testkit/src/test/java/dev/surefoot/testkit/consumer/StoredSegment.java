package dev.surefoot.testkit.consumer;

import dev.surefoot.testkit.cluster.LogSegments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.TopicPartition;

/** The first log segment of a partition of {@link OneBroker}, on disk, whose batches a test damages. */
final class StoredSegment {
    private static final int LOG_OVERHEAD = 12;
    private static final int CHECKSUM = 17;
    private static final int CHECKED = 21;
    static final int LAST_OFFSET_DELTA = 23;

    private final Path file;

    private StoredSegment(Path file) {
        this.file = file;
    }

    static StoredSegment of(TopicPartition partition) {
        return new StoredSegment(LogSegments.of(OneBroker.cluster(), partition).get(0));
    }

    /**
     * Changes the batch that begins at an offset.
     *
     * @param isChecked whether its checksum is made right again
     * @return the batch as it is now
     */
    byte[] change(long baseOffset, boolean isChecked, Consumer<ByteBuffer> change) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = 0;
            while (true) {
                ByteBuffer batch = batchAt(channel, at);
                if (batch.getLong(0) == baseOffset) {
                    change.accept(batch);
                    if (isChecked) {
                        CRC32C crc = new CRC32C();
                        crc.update(batch.slice(CHECKED, batch.capacity() - CHECKED));
                        batch.putInt(CHECKSUM, (int) crc.getValue());
                    }
                    channel.write(batch.duplicate().rewind(), at);
                    return batch.array();
                }
                at += batch.capacity();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer batchAt(FileChannel channel, long at) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(LOG_OVERHEAD);
        if (channel.read(head, at) < LOG_OVERHEAD) {
            throw new IllegalArgumentException("The segment has no batch that begins at this offset");
        }
        ByteBuffer batch = ByteBuffer.allocate(LOG_OVERHEAD + head.getInt(8));
        channel.read(batch, at);
        return batch;
    }
}
