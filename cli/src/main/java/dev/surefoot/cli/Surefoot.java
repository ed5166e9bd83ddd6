package dev.surefoot.cli;

import dev.surefoot.cli.bench.BenchCommand;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.FailureLine;
import dev.surefoot.cli.console.Logging;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.cli.console.VersionText;
import dev.surefoot.cli.consume.ConsumeCommand;
import dev.surefoot.cli.consumer.Consumers;
import dev.surefoot.cli.demo.DemoCommand;
import dev.surefoot.cli.doctor.DoctorCommand;
import dev.surefoot.cli.simulate.SimulateCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/**
 * The {@code surefoot} command.
 *
 * <p>Exit codes: 0 for success, 1 for a failure at run time, 2 for wrong usage.
 */
@Command(
        name = "surefoot",
        description = "A Kafka consumer that does not stall on a stale fetch session.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:a failure at run time", "2:wrong usage"})
public final class Surefoot {

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show stack traces and what the Kafka client logs.")
    private boolean debug;

    private Surefoot() {}

    /** Runs the command line and ends the JVM with its exit code. */
    public static void main(String[] args) {
        Console console = Console.ofThisProcess();
        Termination termination = Termination.onShutdown();
        int exitCode = ExitCode.SOFTWARE;
        try {
            exitCode = commandLine(console, termination, Consumers::surefoot).execute(args);
        } catch (Error e) {
            // Without a message of the command: classes that are first used while the JVM ends may fail to initialize.
            if (!termination.isAsked()) {
                e.printStackTrace(console.err());
            }
        }
        termination.exit(exitCode);
    }

    /**
     * Builds the whole command; its output goes to the given console only.
     *
     * @param termination stops the running command
     * @param opening opens the consumers that commands read with
     */
    static CommandLine commandLine(Console console, Termination termination, Consumers.Opening opening) {
        Surefoot top = new Surefoot();
        CommandLine command = new CommandLine(top)
                .addSubcommand(new DemoCommand(console, termination))
                .addSubcommand(new ConsumeCommand(console, termination, opening))
                .addSubcommand(new DoctorCommand(console, termination, opening))
                .addSubcommand(new SimulateCommand(console, termination))
                .addSubcommand(BenchCommand.commandLine(console, termination))
                .setCaseInsensitiveEnumValuesAllowed(true);
        FailureLine failureLine = new FailureLine(() -> top.debug);
        return command.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(failureLine)
                .setExecutionExceptionHandler(failureLine)
                .setExecutionStrategy(parsed -> {
                    if (top.debug) {
                        Logging.open();
                    }
                    return new RunLast().execute(parsed);
                });
    }
}
