package dev.surefoot.testkit.chaos;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Listens to what is logged, which in these tests goes to the standard error stream, until it is closed. */
final class LogWatch implements AutoCloseable {
    private final PrintStream before = System.err;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    LogWatch() {
        System.setErr(new PrintStream(new Lines(), true, StandardCharsets.UTF_8));
    }

    /**
     * What Surefoot logged that no outage explains: errors, faults of its own, and positions lost, as no log loses what was
     * readable once while two of its replicas live on.
     */
    List<String> complaints() {
        return lines.stream()
                .filter(line -> line.contains("dev.surefoot"))
                .filter(line -> line.contains(" ERROR ") || line.contains(" WARN ") && isComplaint(line))
                .toList();
    }

    private static boolean isComplaint(String line) {
        return line.toLowerCase(Locale.ROOT).contains("bug") || line.contains("Position of ");
    }

    @Override
    public void close() {
        System.setErr(before);
    }

    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int b) {
            before.write(b);
            if (b == '\n') {
                lines.add(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(b);
            }
        }
    }
}
