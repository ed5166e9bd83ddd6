package dev.surefoot.cli.console;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The streams that a command writes to.
 *
 * @param out standard output as raw bytes, buffered: the writer also flushes. Unlike {@link System#out}
 *     it reports a failed write
 * @param err standard error: progress, reports, failures
 * @param columns the width of the terminal behind {@code err}, or 0 if it is not a terminal
 */
public record Console(OutputStream out, PrintStream err, int columns) {

    private static final int OUTPUT_BUFFER_BYTES = 64 * 1024;

    /** Returns the standard streams of this process. */
    public static Console ofThisProcess() {
        // Java 17 cannot ask whether standard error alone is a terminal; the launcher does, and passes its width.
        int columns = Integer.getInteger("surefoot.columns", 0);
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUTPUT_BUFFER_BYTES);
        return new Console(out, System.err, columns);
    }

    /** Returns whether standard error is a terminal. */
    public boolean isTerminal() {
        return columns > 0;
    }
}
