package dev.surefoot.cli.consume;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A format of tokens and escapes, as in kcat; keys and values are written byte for byte. */
final class TokenFormat implements RecordFormat {

    /** The text for a null key or value, unless the user sets another one. */
    static final String DEFAULT_NULL = "NULL";

    private static final String TOKENS = "%s %k %o %p %t %T %h %S %K %%";

    private final List<RecordFormat> parts;

    private TokenFormat(List<RecordFormat> parts) {
        this.parts = parts;
    }

    /**
     * Reads a format.
     *
     * @param nullText is printed in place of a null key or value
     * @throws IllegalArgumentException if the format has an unknown token or escape
     */
    static TokenFormat parse(String text, String nullText) {
        byte[] nullBytes = nullText.getBytes(StandardCharsets.UTF_8);
        List<RecordFormat> parts = new ArrayList<>();
        ByteArrayOutputStream literal = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '%' && !text.startsWith("%%", at)) {
                addLiteral(parts, literal);
                parts.add(token(text, at, nullBytes));
                at += 2;
            } else if (c == '%') {
                literal.write('%');
                at += 2;
            } else if (c == '\\') {
                at = escape(text, at, literal);
            } else {
                int codePoint = text.codePointAt(at);
                literal.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(codePoint);
            }
        }
        addLiteral(parts, literal);
        return new TokenFormat(List.copyOf(parts));
    }

    @Override
    public void write(ConsumerRecord<byte[], byte[]> entry, OutputStream out) throws IOException {
        for (RecordFormat part : parts) {
            part.write(entry, out);
        }
    }

    private static void addLiteral(List<RecordFormat> parts, ByteArrayOutputStream literal) {
        if (literal.size() > 0) {
            byte[] bytes = literal.toByteArray();
            parts.add((entry, out) -> out.write(bytes));
            literal.reset();
        }
    }

    private static RecordFormat token(String text, int at, byte[] nullBytes) {
        if (at + 1 == text.length()) {
            throw new IllegalArgumentException("the format ends within a token; write %% for a percent sign");
        }
        return switch (text.charAt(at + 1)) {
            case 's' -> (entry, out) -> writeBytes(entry.value(), nullBytes, out);
            case 'k' -> (entry, out) -> writeBytes(entry.key(), nullBytes, out);
            case 'o' -> (entry, out) -> writeText(entry.offset(), out);
            case 'p' -> (entry, out) -> writeText(entry.partition(), out);
            case 't' -> (entry, out) -> writeText(entry.topic(), out);
            case 'T' -> (entry, out) -> writeText(entry.timestamp(), out);
            case 'S' -> (entry, out) -> writeText(length(entry.value()), out);
            case 'K' -> (entry, out) -> writeText(length(entry.key()), out);
            case 'h' -> (entry, out) -> HeaderText.write(entry.headers(), out);
            default ->
                throw new IllegalArgumentException(
                        "the format has an unknown token " + text.substring(at, at + 2) + "; known are " + TOKENS);
        };
    }

    /** Takes the escape at this index and returns the index after it. */
    private static int escape(String text, int at, ByteArrayOutputStream literal) {
        if (text.substring(at).matches("(?s)\\\\x[0-9a-fA-F]{2}.*")) {
            literal.write(Integer.parseInt(text.substring(at + 2, at + 4), 16));
            return at + 4;
        }
        char escaped = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        literal.write(
                switch (escaped) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    case '\\' -> '\\';
                    default ->
                        throw new IllegalArgumentException("the format has an unknown escape at '" + text.substring(at)
                                + "'; known are \\n \\t \\r \\\\ and \\xNN with two hexadecimal digits");
                });
        return at + 2;
    }

    private static void writeBytes(byte @Nullable [] bytes, byte[] nullBytes, OutputStream out) throws IOException {
        out.write(bytes == null ? nullBytes : bytes);
    }

    private static void writeText(Object text, OutputStream out) throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? -1 : bytes.length;
    }
}
