package dev.surefoot.runtime;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/** Loggers that give away their lines, each as {@code level text}. */
final class LogLines {
    private LogLines() {}

    static Logger to(Consumer<String> lines) {
        return (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    String format = (String) arguments[0];
                    Object[] values = arguments[1] instanceof Object[] many
                            ? many
                            : Arrays.copyOfRange(arguments, 1, arguments.length);
                    lines.accept(method.getName() + " "
                            + MessageFormatter.arrayFormat(format, values).getMessage());
                    return null;
                });
    }
}
