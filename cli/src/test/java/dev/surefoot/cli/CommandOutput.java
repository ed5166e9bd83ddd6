package dev.surefoot.cli;

import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.cli.consumer.Consumers;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What one run of the command left behind. */
public record CommandOutput(int exitCode, byte[] outBytes, String err) {

    /** Runs the command as the process would, with real consumers. */
    public static CommandOutput of(String... args) {
        return with(Consumers::surefoot, new Termination(), args);
    }

    /** Runs the command as the process would, with the given consumers. */
    public static CommandOutput with(Consumers.Opening opening, Termination termination, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(out, new PrintStream(err, true, StandardCharsets.UTF_8), 0);
        int exitCode = Surefoot.commandLine(console, termination, opening).execute(args);
        return new CommandOutput(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs the command as the process would, writes to {@code out} as it goes, and returns its exit code. */
    public static int into(OutputStream out, Termination termination, String... args) {
        return into(out, System.err, termination, args);
    }

    /** Does the same, and writes standard error to {@code err}. */
    public static int into(OutputStream out, OutputStream err, Termination termination, String... args) {
        Console console = new Console(out, new PrintStream(err, true, StandardCharsets.UTF_8), 0);
        return Surefoot.commandLine(console, termination, Consumers::surefoot).execute(args);
    }

    /** Standard output as text. */
    public String out() {
        return new String(outBytes, StandardCharsets.UTF_8);
    }
}
