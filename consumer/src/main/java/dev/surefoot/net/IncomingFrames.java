package dev.surefoot.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames that arrive over one connection, and detects what is no Kafka response: another protocol, or an
 * answer beyond the bound. Each frame is its size in four bytes, followed by as many bytes. Owned by the loop's thread.
 */
final class IncomingFrames {
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR_VERSION = 3;
    private static final int HTTP = 0x48545450;

    private final int maxFrameBytes;
    private int sizeBytesSeen;
    private int size;
    private long bodyBytesLeft;
    private boolean first = true;
    private long tooLargeBytes;

    /** @param maxFrameBytes the largest frame that can be an answer, in bytes without its size */
    IncomingFrames(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * Checks bytes that have arrived.
     *
     * @param buffer holds them; its position and limit are ignored
     * @param from the index of the first of them
     * @param count how many there are
     * @return what is wrong with them and what to do, or null if they can be part of a Kafka response
     */
    @Nullable String problem(ByteBuffer buffer, int from, int count) {
        int index = from;
        int end = from + count;
        while (index < end) {
            if (bodyBytesLeft > 0) {
                int skipped = (int) Math.min(bodyBytesLeft, end - index);
                bodyBytesLeft -= skipped;
                index += skipped;
                continue;
            }
            size = size << Byte.SIZE | Byte.toUnsignedInt(buffer.get(index++));
            if (++sizeBytesSeen == Integer.BYTES) {
                String problem = problemOfSize();
                if (problem != null) {
                    return problem;
                }
                bodyBytesLeft = size;
                sizeBytesSeen = 0;
                size = 0;
                first = false;
            }
        }
        return null;
    }

    private @Nullable String problemOfSize() {
        if (first && isTls()) {
            return "the other side speaks TLS; its listener expects security.protocol SSL or SASL_SSL";
        }
        if (first && size == HTTP) {
            return "the other side answered as a web server (HTTP); check the port in bootstrap.servers or"
                    + " advertised.listeners";
        }
        if (size >= 0 && size <= maxFrameBytes) {
            return null;
        }
        if (first) {
            return "the first bytes from the other side (" + text() + ") are no Kafka response; check the port in"
                    + " bootstrap.servers or advertised.listeners, and security.protocol";
        }
        tooLargeBytes = Math.max(0, size);
        return tooLarge(size, maxFrameBytes);
    }

    /** The words for an answer of so many bytes. */
    static String tooLarge(int bytes, int maxBytes) {
        return "an answer claims to have " + bytes + " bytes and at most " + maxBytes
                + " are accepted; raise fetch.max.bytes if the topic has batches that large";
    }

    /** The size in bytes of the answer that is beyond the bound, if that is the problem, else 0. */
    long tooLargeBytes() {
        return tooLargeBytes;
    }

    private boolean isTls() {
        int type = size >>> 24;
        return (type == TLS_ALERT || type == TLS_HANDSHAKE) && (size >>> 16 & 0xff) == TLS_MAJOR_VERSION;
    }

    private String text() {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(size).array();
        for (byte each : bytes) {
            if (each < ' ' || each > '~') {
                return String.format("0x%08x", size);
            }
        }
        return "'" + new String(bytes, StandardCharsets.US_ASCII) + "'";
    }
}
