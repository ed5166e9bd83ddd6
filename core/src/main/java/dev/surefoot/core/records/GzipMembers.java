package dev.surefoot.core.records;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.kafka.common.InvalidRecordException;

/**
 * Decompresses gzip data (RFC 1952): one member or several, whose checksums and sizes are verified. It accepts what
 * {@link java.util.zip.GZIPInputStream} accepts, such as bytes after the last member that begin no further member.
 * Unlike that stream it makes no copies, and has one inflater for all batches. Call {@link #open} for each batch and
 * {@link #close} at the end. Not safe for use by several threads.
 */
final class GzipMembers implements DecompressedStream {

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
    private boolean isBeforeFirst;
    private boolean isInMember;
    private long memberBytes;

    /**
     * Opens a batch's data.
     *
     * @param compressed the members, from position to limit; neither is changed
     */
    GzipMembers open(ByteBuffer compressed) {
        in = compressed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        isBeforeFirst = true;
        isInMember = false;
        return this;
    }

    /** Decompresses all members. */
    void decompress(Scratch out) {
        if (in.remaining() >= Integer.BYTES) {
            // The last four bytes are the size of the last member. Most data has one member only, so this is a good
            // first guess.
            out.expect(Integer.toUnsignedLong(in.getInt(in.limit() - Integer.BYTES)));
        }
        int read;
        do {
            read = out.room() > 0 ? read(out.bytes(), out.length(), out.room()) : readBeyond(out);
            out.length(out.length() + Math.max(0, read));
        } while (read > 0);
    }

    /** Reads one byte before it makes room for more, since only the end mark may be left. */
    private int readBeyond(Scratch out) {
        int read = read(oneMore, 0, 1);
        if (read > 0) {
            out.grow();
            out.bytes()[out.length()] = oneMore[0];
        }
        return read;
    }

    @Override
    public int read(byte[] to, int start, int size) {
        while (isInMember || moveToMember()) {
            int read = inflate(to, start, size);
            if (read > 0) {
                checksum.update(to, start, read);
                memberBytes += read;
                return read;
            }
            endMember();
        }
        return -1;
    }

    /** Moves to the content of the next member, if there is one. Other bytes after a member are padding. */
    private boolean moveToMember() {
        if (isBeforeFirst) {
            header();
            isBeforeFirst = false;
        } else if (!anotherFollows()) {
            in.position(in.limit());
            return false;
        }
        inflater.reset();
        inflater.setInput(in);
        checksum.reset();
        memberBytes = 0;
        isInMember = true;
        return true;
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

    /** @return the bytes written, or 0 if the member has ended */
    private int inflate(byte[] to, int start, int size) {
        try {
            int read = 0;
            while (read == 0 && !inflater.finished()) {
                read = inflater.inflate(to, start, size);
                if (read == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new InvalidRecordException("its gzip data ends within a member");
                }
            }
            return read;
        } catch (DataFormatException e) {
            throw new InvalidRecordException("its gzip data cannot be decompressed: " + e.getMessage(), e);
        }
    }

    private void endMember() {
        isInMember = false;
        require(TRAILER_BYTES, "a member's checksum");
        if (in.getInt() != (int) checksum.getValue()) {
            throw new InvalidRecordException("a gzip member does not match its checksum");
        }
        int claimed = in.getInt(); // the lower 32 bits of the size
        if (claimed != (int) memberBytes) {
            throw new InvalidRecordException("a gzip member claims a size of " + Integer.toUnsignedString(claimed)
                    + " bytes but has " + memberBytes);
        }
    }

    /** Moves past the header of the next member, if one follows. */
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
