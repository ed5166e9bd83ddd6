package dev.surefoot.cli.consume;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a record as {@code key=value}, separated by commas, so that a program can restore them exactly: it
 * splits at commas, each part at its first equals sign, and undoes the escapes, which are those of {@code printf %b}.
 * Null is {@code NULL}.
 */
final class HeaderText {

    private static final byte[] NULL = "NULL".getBytes(StandardCharsets.UTF_8);

    private HeaderText() {}

    static void write(Headers headers, OutputStream out) throws IOException {
        boolean first = true;
        for (Header header : headers) {
            if (!first) {
                out.write(',');
            }
            first = false;
            out.write(escaped(header.key().getBytes(StandardCharsets.UTF_8), true));
            out.write('=');
            out.write(valueOf(header.value()));
        }
    }

    private static byte[] valueOf(byte @Nullable [] value) {
        if (value == null) {
            return NULL;
        }
        byte[] text = escaped(value, false);
        // The four letters themselves must differ from null.
        return Arrays.equals(text, NULL) ? "\\x4eULL".getBytes(StandardCharsets.UTF_8) : text;
    }

    private static byte[] escaped(byte[] bytes, boolean isKey) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(bytes.length);
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer ignored = CharBuffer.allocate(bytes.length);
        while (in.hasRemaining()) {
            int from = in.position();
            CoderResult result = utf8.decode(in, ignored, true);
            for (int i = from; i < in.position(); i++) {
                writeEscaped(bytes[i], isKey, text);
            }
            for (int i = 0; result.isError() && i < result.length(); i++) {
                writeHex(in.get(), text);
            }
            utf8.reset();
        }
        return text.toByteArray();
    }

    /** Writes a byte of valid UTF-8. */
    private static void writeEscaped(byte b, boolean isKey, ByteArrayOutputStream text) {
        switch (b) {
            case '\\' -> text.writeBytes(new byte[] {'\\', '\\'});
            case '\n' -> text.writeBytes(new byte[] {'\\', 'n'});
            case '\t' -> text.writeBytes(new byte[] {'\\', 't'});
            case '\r' -> text.writeBytes(new byte[] {'\\', 'r'});
            default -> {
                boolean isControl = (b >= 0 && b < ' ') || b == 0x7f;
                if (isControl || b == ',' || (isKey && b == '=')) {
                    writeHex(b, text);
                } else {
                    text.write(b);
                }
            }
        }
    }

    private static void writeHex(byte b, ByteArrayOutputStream text) {
        text.writeBytes(String.format("\\x%02x", b).getBytes(StandardCharsets.UTF_8));
    }
}
