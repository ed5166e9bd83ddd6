package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class HeaderTextTest {

    private static final String[] KEYS = {"", "a", "a,b", "a=b", "=", "\\", "\\x2c", "čaj", "new\nline", "NULL"};
    private static final byte[] AWKWARD = {',', '=', '\\', 'x', '4', 'e', 'N', 'U', 'L', '\n', 0, 0x7f, -1, -61, -87};

    @Test
    void plainTextStaysReadable() throws IOException {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", bytes("00-čaj=")).add("tenant", bytes("a b")).add("none", null);

        assertThat(written(headers)).isEqualTo("trace=00-čaj=,tenant=a b,none=NULL");
    }

    @Test
    void whatWouldBeAmbiguousIsEscaped() throws IOException {
        RecordHeaders headers = new RecordHeaders();
        headers.add("a,b=c", bytes("1,2")).add("k", bytes("NULL")).add("e", new byte[0]);
        headers.add("raw", new byte[] {'z', (byte) 0xff, 0, (byte) 0xc3}).add("s", bytes("\\x2c\n"));

        assertThat(written(headers)).isEqualTo("a\\x2cb\\x3dc=1\\x2c2,k=\\x4eULL,e=,raw=z\\xff\\x00\\xc3,s=\\\\x2c\\n");
    }

    @Test
    void allHeadersCanBeReadBackFromTheText() throws IOException {
        for (long seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Header> headers = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                headers.add(new RecordHeader(KEYS[random.nextInt(KEYS.length)], awkwardValue(random)));
            }

            String text = written(new RecordHeaders(headers));

            assertThat(readBack(text)).as("seed %d: %s", seed, text).isEqualTo(headers);
        }
    }

    private static byte[] awkwardValue(SplittableRandom random) {
        if (random.nextInt(5) == 0) {
            return random.nextBoolean() ? null : bytes("NULL");
        }
        byte[] value = new byte[random.nextInt(6)];
        for (int i = 0; i < value.length; i++) {
            value[i] = AWKWARD[random.nextInt(AWKWARD.length)];
        }
        return value;
    }

    private static List<Header> readBack(String text) {
        List<Header> headers = new ArrayList<>();
        if (text.isEmpty()) {
            return headers;
        }
        for (String each : text.split(",", -1)) {
            int equals = each.indexOf('=');
            String value = each.substring(equals + 1);
            headers.add(new RecordHeader(
                    new String(unescaped(each.substring(0, equals)), StandardCharsets.UTF_8),
                    value.equals("NULL") ? null : unescaped(value)));
        }
        return headers;
    }

    private static byte[] unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                bytes.writeBytes(bytes(String.valueOf(c)));
                continue;
            }
            i++;
            switch (text.charAt(i)) {
                case '\\' -> bytes.write('\\');
                case 'n' -> bytes.write('\n');
                case 't' -> bytes.write('\t');
                case 'r' -> bytes.write('\r');
                default -> {
                    bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                }
            }
        }
        return bytes.toByteArray();
    }

    /** Fails if the text is not UTF-8. */
    private static String written(RecordHeaders headers) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HeaderText.write(headers, out);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(out.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("not UTF-8: " + out, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
