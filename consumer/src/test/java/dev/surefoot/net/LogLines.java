package dev.surefoot.net;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What the library and Kafka's classes log while this is open. Tests log to the standard error stream;
 * {@code simplelogger.properties} lets these loggers speak, and nothing is printed meanwhile.
 */
final class LogLines implements AutoCloseable {
    private final PrintStream before = System.err;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    LogLines() {
        System.setErr(new PrintStream(new Lines(), true, StandardCharsets.UTF_8));
    }

    /** Whatever was logged at INFO or above, stack traces included, one line each. */
    List<String> all() {
        return List.copyOf(lines);
    }

    List<String> warnings() {
        return lines.stream()
                .filter(line -> line.contains("WARN ") || line.contains("ERROR "))
                .toList();
    }

    @Override
    public void close() {
        System.setErr(before);
    }

    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int b) {
            if (b == '\n') {
                lines.add(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(b);
            }
        }
    }
}
