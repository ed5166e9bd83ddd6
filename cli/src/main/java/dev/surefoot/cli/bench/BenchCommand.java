package dev.surefoot.cli.bench;

import picocli.CommandLine.Command;

/** {@code surefoot bench}: one subcommand for each kind of measurement. */
@Command(name = "bench", description = "Measure Surefoot beside its peers on this machine.")
public final class BenchCommand {}
