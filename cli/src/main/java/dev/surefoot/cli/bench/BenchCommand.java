package dev.surefoot.cli.bench;

import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Termination;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code surefoot bench}: one subcommand for each kind of measurement. */
@Command(name = "bench", description = "Measure Surefoot beside its peers on this machine.")
public final class BenchCommand {
    private BenchCommand() {}

    /**
     * Returns the command with its subcommands, which write to {@code console} and stop when {@code termination} asks.
     */
    public static CommandLine commandLine(Console console, Termination termination) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new ThroughputCommand(console, termination))
                .addSubcommand(new LatencyCommand(console, termination))
                .addSubcommand(new RebalanceCommand(console, termination))
                .addSubcommand(new MemoryCommand(console, termination))
                .addSubcommand(new PartitionsCommand(console, termination))
                .addSubcommand(new MicroCommand(console, termination));
    }
}
