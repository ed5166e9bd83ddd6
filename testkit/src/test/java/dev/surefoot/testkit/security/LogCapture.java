package dev.surefoot.testkit.security;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What is logged, which in these tests goes to the standard error stream, until it is closed. */
final class LogCapture implements AutoCloseable {
    private final PrintStream before = System.err;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    LogCapture() {
        System.setErr(new PrintStream(new Lines(), true, StandardCharsets.UTF_8));
    }

    /** Whatever was logged with these words on behalf of the consumer of this name, by whatever class. */
    List<String> linesOf(String clientId, String words) {
        return lines.stream()
                .filter(line -> line.contains("clientId=" + clientId + "]"))
                .filter(line -> line.contains(words))
                .toList();
    }

    /** What was logged at WARN or above on behalf of the consumer of this name, by whatever class. */
    List<String> warningsOf(String clientId) {
        return lines.stream()
                .filter(line -> line.contains("clientId=" + clientId + "]"))
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
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
