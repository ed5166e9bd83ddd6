package dev.surefoot.core.records;

import java.nio.ByteBuffer;

/** Compares text with encoded bytes. Encoding the text would allocate an array for each comparison. */
final class Utf8 {
    private Utf8() {}

    /**
     * Whether these bytes are what Kafka's producer writes for the text: UTF-8, with a question mark for each unpaired
     * surrogate.
     */
    static boolean isEqual(String text, ByteBuffer buffer, int position, int size) {
        int at = position;
        int end = position + size;
        for (int i = 0; i < text.length(); ) {
            int code = text.codePointAt(i);
            i += Character.charCount(code);
            if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
                code = '?';
            }
            int bytes = sizeOf(code);
            if (bytes > end - at) {
                return false;
            }
            for (int b = 0; b < bytes; b++) {
                if (buffer.get(at++) != byteOf(code, b, bytes)) {
                    return false;
                }
            }
        }
        return at == end;
    }

    private static int sizeOf(int code) {
        if (code < 0x80) {
            return 1;
        } else if (code < 0x800) {
            return 2;
        }
        return code < 0x10000 ? 3 : 4;
    }

    /**
     * One byte of an encoded code point. In a sequence of several bytes, the first has one leading one bit for each
     * byte.
     */
    private static byte byteOf(int code, int index, int bytes) {
        if (bytes == 1) {
            return (byte) code;
        }
        int bits = code >>> (6 * (bytes - 1 - index));
        return (byte) (index == 0 ? (0xff00 >>> bytes) | bits : 0x80 | (bits & 0x3f));
    }
}
