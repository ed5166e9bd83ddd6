package dev.surefoot.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class ConstantPoolTest {

    /** Has a constant of every kind that javac writes: numbers of both sizes, strings, members, a concatenation. */
    static final class EveryConstant implements LongFunction<StringBuilder> {
        @Override
        public StringBuilder apply(long value) {
            return new StringBuilder().append(value + 5_000_000_000L).append(" x " + (value / 2.5));
        }
    }

    @Test
    void aClassNamesAnotherOneInItsCodeAndInItsDescriptors() throws Exception {
        byte[] renamed =
                ConstantPool.rename(bytesOf(EveryConstant.class), "java/lang/StringBuilder", "java/lang/StringBuffer");

        Class<?> type = MethodHandles.lookup().defineHiddenClass(renamed, true).lookupClass();
        Object made = type.getDeclaredConstructor().newInstance();

        assertThat(type.getMethod("apply", long.class).invoke(made, 7L))
                .isInstanceOf(StringBuffer.class)
                .hasToString("5000000007 x 2.8");
    }

    @Test
    void aClassThatDoesNotHaveTheNameStaysAsItIs() throws Exception {
        byte[] compiled = bytesOf(EveryConstant.class);

        assertThat(ConstantPool.rename(compiled, "org/example/Nowhere", "x")).isEqualTo(compiled);
    }

    @Test
    void whatIsNoClassFileIsRefused() {
        assertThatThrownBy(() -> ConstantPool.rename(new byte[7], "a", "b")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ConstantPool.rename(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 99}, "a", "b"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("99");
    }

    private static byte[] bytesOf(Class<?> type) throws IOException {
        try (InputStream file = type.getResourceAsStream(type.getName().replaceFirst(".*[.]", "") + ".class")) {
            return file.readAllBytes();
        }
    }
}
