package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.apache.kafka.common.InvalidRecordException;

/**
 * Verifies the checksum of a batch: CRC-32C for format v2, CRC-32 for v0 and v1. Not safe for use by several threads.
 */
final class BatchChecksum {

    private final CRC32C current = new CRC32C();
    private final CRC32 legacy = new CRC32();

    /** @throws InvalidRecordException if the batch under the header does not match its checksum */
    void verify(BatchHeader header) {
        verify(
                header.isLegacy() ? legacy : current,
                header.records(),
                header.checksumStart(),
                header.end(),
                header.checksum());
    }

    /**
     * @throws InvalidRecordException if a v0 or v1 message, covered from {@code start} to {@code end}, does not match
     */
    void verifyLegacy(ByteBuffer buffer, int start, int end, int expected) {
        verify(legacy, buffer, start, end, expected);
    }

    /** The checksum of the batch under the header, whatever its header says. */
    int of(BatchHeader header) {
        return of(header.isLegacy() ? legacy : current, header.records(), header.checksumStart(), header.end());
    }

    private static int of(Checksum checksum, ByteBuffer buffer, int start, int end) {
        checksum.reset();
        checksum.update(buffer.slice(start, end - start));
        return (int) checksum.getValue();
    }

    private static void verify(Checksum checksum, ByteBuffer buffer, int start, int end, int expected) {
        int actual = of(checksum, buffer, start, end);
        if (actual != expected) {
            throw new InvalidRecordException(String.format(
                    "its checksum is %08x but its header says %08x, so it was damaged after it was written",
                    actual, expected));
        }
    }
}
