package dev.surefoot.cli.console;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** A failure with a message for the user: what was wrong, and what to do. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int COULD_NOT_LOOK = 3;

    private final int exitCode;

    private CommandFailure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /**
     * Makes the failure of a command line that is well-formed, but whose request cannot be carried out (exit code 2).
     */
    public static CommandFailure wrongUsage(String message) {
        return new CommandFailure(ExitCode.USAGE, message, null);
    }

    /** Makes the same failure as {@link #wrongUsage(String)}, with the exception that showed it. */
    public static CommandFailure wrongUsage(String message, Throwable cause) {
        return new CommandFailure(ExitCode.USAGE, message, cause);
    }

    /** Makes the failure of a command that could not do its task (exit code 1). */
    public static CommandFailure atRunTime(String message) {
        return new CommandFailure(ExitCode.SOFTWARE, message, null);
    }

    /** Makes the same failure as {@link #atRunTime(String)}, with the exception that caused it. */
    public static CommandFailure atRunTime(String message, Throwable cause) {
        return new CommandFailure(ExitCode.SOFTWARE, message, cause);
    }

    /** Makes the failure of a command that judges something and could not look at it (exit code 3). */
    public static CommandFailure couldNotLook(String message) {
        return new CommandFailure(COULD_NOT_LOOK, message, null);
    }

    /** Makes the same failure as {@link #couldNotLook(String)}, with the exception that caused it. */
    public static CommandFailure couldNotLook(String message, Throwable cause) {
        return new CommandFailure(COULD_NOT_LOOK, message, cause);
    }

    /** Returns the exit code of the process. */
    public int exitCode() {
        return exitCode;
    }
}
