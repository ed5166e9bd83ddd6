package dev.surefoot.cli.console;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** A failure that the command explains in its own words: what was wrong, and what to do. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandFailure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The command line could be read, but asks for what cannot be done (exit code 2). */
    public static CommandFailure wrongUsage(String message) {
        return new CommandFailure(ExitCode.USAGE, message, null);
    }

    /** As {@link #wrongUsage(String)}, with the exception that found it. */
    public static CommandFailure wrongUsage(String message, Throwable cause) {
        return new CommandFailure(ExitCode.USAGE, message, cause);
    }

    /** The command could not do what it was asked to (exit code 1). */
    public static CommandFailure atRunTime(String message) {
        return new CommandFailure(ExitCode.SOFTWARE, message, null);
    }

    /** As {@link #atRunTime(String)}, for the given reason. */
    public static CommandFailure atRunTime(String message, Throwable cause) {
        return new CommandFailure(ExitCode.SOFTWARE, message, cause);
    }

    /** The exit code of the process. */
    public int exitCode() {
        return exitCode;
    }
}
