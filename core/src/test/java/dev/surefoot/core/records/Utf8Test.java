package dev.surefoot.core.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Comparing without encoding says the same as encoding and comparing. */
class Utf8Test {
    private static final List<String> PARTS = List.of(
            "a", "z", "\u007f", "\u0080", "é", "\u07ff", "\u0800", "€", "\uffff", "😀", "\ud800", "\udfff", "?", "");

    private static boolean isEqual(String text, byte[] bytes) {
        ByteBuffer around = ByteBuffer.allocate(bytes.length + 5)
                .put(new byte[3])
                .put(bytes)
                .put(new byte[2]);
        return Utf8.isEqual(text, around, 3, bytes.length);
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return text.toString();
    }

    @Test
    void aTextEqualsItsOwnBytesAndThoseOfNoOther() {
        Random random = new Random(1);
        int equal = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = randomText(random);
            String other = randomText(random);
            boolean expected = Arrays.equals(text.getBytes(UTF_8), other.getBytes(UTF_8));
            equal += expected ? 1 : 0;
            assertThat(isEqual(text, text.getBytes(UTF_8))).as(text).isTrue();
            assertThat(isEqual(text, other.getBytes(UTF_8)))
                    .as("%s and %s", text, other)
                    .isEqualTo(expected);
        }
        assertThat(equal).isBetween(100, 19_900);
    }

    @Test
    void bytesThatEndWithinACharacterAreAnotherText() {
        byte[] bytes = "€".getBytes(UTF_8);

        assertThat(isEqual("€", Arrays.copyOf(bytes, 2))).isFalse();
        assertThat(isEqual("", bytes)).isFalse();
        assertThat(isEqual("€", new byte[0])).isFalse();
    }
}
