package dev.surefoot.cli.console;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Reports a failure as one line on standard error; with {@code --debug} the stack trace follows. */
public final class FailureLine implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final BooleanSupplier debug;

    /** @param debug called at the time of the failure, since the option is parsed later than this object is made */
    public FailureLine(BooleanSupplier debug) {
        this.debug = debug;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        // If the line could not be parsed, the option was not set either.
        boolean withTrace = debug.getAsBoolean() || Arrays.asList(args).contains("--debug");
        return report(command, failure, ExitCode.USAGE, withTrace);
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        int exitCode = failure instanceof CommandFailure known ? known.exitCode() : ExitCode.SOFTWARE;
        return report(command, failure, exitCode, debug.getAsBoolean());
    }

    private static int report(CommandLine command, Exception failure, int exitCode, boolean withTrace) {
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        String hint = exitCode == ExitCode.USAGE ? " (see " + name + " --help)" : "";
        err.println(name + ": " + lineOf(failure) + hint);
        if (withTrace) {
            failure.printStackTrace(err);
        }
        err.flush();
        return exitCode;
    }

    /** Returns one line with the failure and those causes that add something to it. */
    public static String lineOf(Throwable failure) {
        StringBuilder line = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String message = each.getMessage() == null ? each.getClass().getSimpleName() : each.getMessage();
            String flat = message.strip().replaceAll("\\s*\\R\\s*", " ").replaceFirst("^Error: ", "");
            if (line.indexOf(flat) < 0) {
                line.append(line.isEmpty() ? "" : ": ").append(flat);
            }
            if (each instanceof CommandFailure || each instanceof ParameterException) {
                break;
            }
        }
        return line.toString();
    }
}
