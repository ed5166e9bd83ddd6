package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.kafka.common.InvalidRecordException;

/**
 * Decompresses gzip data (RFC 1952): one member or several, whose checksums and sizes are verified. Whatever
 * {@link java.util.zip.GZIPInputStream} reads is read, bytes after the last member that begin no other included; but without
 * that stream's copies, and with one inflater for all batches.
 */
final class GzipMembers implements AutoCloseable {

    private static final short MAGIC = (short) 0x8b1f;
    private static final byte DEFLATE = 8;

    private static final int HEADER_CHECKSUM = 0x02;
    private static final int EXTRA_FIELD = 0x04;
    private static final int FILE_NAME = 0x08;
    private static final int COMMENT = 0x10;

    private static final int FLAGS = 3;
    private static final int HEADER_BYTES_MIN = 10;
    private static final int TRAILER_BYTES = 2 * Integer.BYTES;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] oneMore = new byte[1];

    private ByteBuffer in = ByteBuffer.allocate(0);

    /** @param compressed members from position to limit; neither is changed */
    void decompress(ByteBuffer compressed, Scratch out) {
        in = compressed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() >= Integer.BYTES) {
            // The last member's size ends the data, and mostly there is no other member.
            out.expect(Integer.toUnsignedLong(in.getInt(in.limit() - Integer.BYTES)));
        }
        header();
        do {
            member(out);
        } while (anotherFollows());
    }

    private void header() {
        int start = in.position();
        require(HEADER_BYTES_MIN, "a member's header");
        if (in.getShort(start) != MAGIC || in.get(start + Short.BYTES) != DEFLATE) {
            throw new InvalidRecordException("its gzip data does not start with a member's magic number");
        }
        int flags = in.get(start + FLAGS);
        in.position(start + HEADER_BYTES_MIN);
        if ((flags & EXTRA_FIELD) != 0) {
            require(Short.BYTES, "a member's header");
            int size = Short.toUnsignedInt(in.getShort());
            require(size, "a member's header");
            in.position(in.position() + size);
        }
        if ((flags & FILE_NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            checksum.reset();
            checksum.update(in.slice(start, in.position() - start));
            require(Short.BYTES, "a member's header");
            if (in.getShort() != (short) checksum.getValue()) {
                throw new InvalidRecordException("a gzip member's header does not match its checksum");
            }
        }
    }

    private void skipText() {
        do {
            require(1, "a member's header");
        } while (in.get() != 0);
    }

    private void member(Scratch out) {
        int start = out.length();
        inflater.reset();
        inflater.setInput(in);
        try {
            inflate(out);
        } catch (DataFormatException e) {
            throw new InvalidRecordException("its gzip data cannot be decompressed: " + e.getMessage(), e);
        }
        int size = out.length() - start;
        checksum.reset();
        checksum.update(out.bytes(), start, size);
        require(TRAILER_BYTES, "a member's checksum");
        if (in.getInt() != (int) checksum.getValue()) {
            throw new InvalidRecordException("a gzip member does not match its checksum");
        }
        int claimed = in.getInt();
        if (claimed != size) {
            throw new InvalidRecordException(
                    "a gzip member claims a size of " + Integer.toUnsignedString(claimed) + " bytes but has " + size);
        }
    }

    private void inflate(Scratch out) throws DataFormatException {
        while (!inflater.finished()) {
            int read = out.room() > 0 ? inflater.inflate(out.bytes(), out.length(), out.room()) : inflateBeyond(out);
            out.length(out.length() + read);
            if (read == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
                throw new InvalidRecordException("its gzip data ends within a member");
            }
        }
    }

    /** Full memory grows only for a byte that there really is: the member may just have its end mark left. */
    private int inflateBeyond(Scratch out) throws DataFormatException {
        int read = inflater.inflate(oneMore);
        if (read > 0) {
            out.grow();
            out.bytes()[out.length()] = oneMore[0];
        }
        return read;
    }

    /** Moves behind the next member's header, if one follows; anything else that follows is padding. */
    private boolean anotherFollows() {
        if (in.remaining() <= HEADER_BYTES_MIN + TRAILER_BYTES) {
            return false;
        }
        try {
            header();
            return true;
        } catch (InvalidRecordException e) {
            return false;
        }
    }

    private void require(int bytes, String what) {
        if (in.remaining() < bytes) {
            throw new InvalidRecordException("its gzip data ends within " + what);
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
