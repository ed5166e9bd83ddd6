package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.elsewhere.Framework;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frameworks invoke whatever {@link Class#getMethods} gives them, from a package of their own. */
class ReflectionTest {

    static Stream<Method> publicMethods() {
        return Arrays.stream(SurefootConsumer.class.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class);
    }

    /** With nothing for arguments a method may throw, but it is the method itself that does. */
    @ParameterizedTest
    @MethodSource("publicMethods")
    void everyPublicMethodCanBeInvoked(Method method) throws Exception {
        try (SurefootConsumer<byte[], byte[]> consumer = new SurefootConsumer<>(
                Map.of("bootstrap.servers", "127.0.0.1:1", "default.api.timeout.ms", 1),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            Object[] nothing = Arrays.stream(method.getParameterTypes())
                    .map(ReflectionTest::nothing)
                    .toArray();
            Throwable thrown = null;
            try {
                Framework.invoke(method, consumer, nothing);
            } catch (InvocationTargetException e) {
                thrown = e.getCause();
            }
            assertThat(thrown instanceof LinkageError).as("%s", thrown).isFalse();
        }
    }

    @Test
    void everyPublicMethodIsOfAPublicClass() {
        assertThat(publicMethods())
                .isNotEmpty()
                .allSatisfy(method -> assertThat(
                                Modifier.isPublic(method.getDeclaringClass().getModifiers()))
                        .as("%s is public", method.getDeclaringClass())
                        .isTrue());
    }

    private static Object nothing(Class<?> type) {
        return type == long.class ? (Object) 0L : null;
    }
}
