package dev.surefoot.cli.simulate;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Termination;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.museum.KnownBad;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code surefoot simulate}. */
@Command(
        name = "simulate",
        description = {
            "Run the consumer in simulated clusters with faults of every kind.",
            "",
            "Each seed stands for one schedule of faults, and for the same run every time. After every step the"
                    + " properties of sessions and of delivery are checked. A run that breaks one is shrunk and printed"
                    + " as a story.",
            "",
            "Exit code 0 means that every property held; with --museum or --exhibit, that every known-bad session"
                    + " handler or group member was caught by the invariant that it breaks."
        },
        footer = {
            "",
            "Examples:",
            "  surefoot simulate --schedules 1000000",
            "  surefoot simulate --seed 42 --story",
            "  surefoot simulate --schedules 20000 --size small --without CUT_NOW,CLOSE",
            "  surefoot simulate --museum",
            "  surefoot simulate --exhibit F1",
            "  surefoot simulate --exhibit GF5",
            "  surefoot simulate --exhaustive"
        })
public final class SimulateCommand implements Callable<Integer> {

    @Option(names = "--seed", paramLabel = "SEED", description = "Run the schedule of this seed.")
    private @Nullable Long seed;

    @Option(names = "--story", description = "With --seed: print the story also if no property breaks.")
    private boolean withStory;

    @Option(
            names = "--schedules",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Run a campaign of N schedules (default: ${DEFAULT-VALUE}). This is the default" + " task.")
    private long schedules;

    @Option(
            names = "--first-seed",
            paramLabel = "SEED",
            description = "The first seed of a campaign (default: from the clock), or of the museum" + " (default: 1).")
    private @Nullable Long firstSeed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many schedules of a campaign run at a time (default: as many as there are processors).")
    private @Nullable Integer threads;

    @Mixin
    private ScheduleOptions drawn = new ScheduleOptions();

    @Option(
            names = "--museum",
            description = "Run each known-bad session handler and group member until it is caught, by at most "
                    + MuseumVisit.SCHEDULES_MOST + " schedules.")
    @SuppressWarnings("UnusedVariable") // The mode follows from which options are present.
    private boolean museum;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description = "With --museum: N times, with other seeds each time (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--exhibit",
            paramLabel = "ID",
            converter = ExhibitId.class,
            description = "Show how this known-bad session handler or group member is caught; with --seed, by that"
                    + " schedule.")
    private @Nullable KnownBad exhibit;

    @Option(
            names = "--exhaustive",
            description = "Try every order of events that a small world allows, rather than schedules.")
    @SuppressWarnings("UnusedVariable") // The mode follows from which options are present.
    private boolean exhaustive;

    @Option(
            names = "--faults",
            paramLabel = "N",
            defaultValue = "2",
            description = "With --exhaustive: how many faults there may be, each kind at most twice (default:"
                    + " ${DEFAULT-VALUE}; one more takes about a hundred times as long).")
    private int faults;

    @Option(
            names = "--json",
            description = "Print the result as one line of JSON on standard output, and all else on standard error.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Console console;
    private final Termination termination;

    /** Makes a command that writes to {@code console} and stops when {@code termination} asks. */
    public SimulateCommand(Console console, Termination termination) {
        this.console = console;
        this.termination = termination;
    }

    @Override
    public Integer call() {
        Mode mode = Mode.of(given(spec.commandLine()));
        Printout printout = new Printout(console, json);
        return switch (mode) {
            case CAMPAIGN -> campaign().run(console, termination, printout);
            case REPLAY ->
                new SeedReplay(drawn.drawing().apply(Objects.requireNonNull(seed)), Seams.NONE, withStory)
                        .run(printout);
            case MUSEUM ->
                new MuseumVisit(drawn.drawingWithoutGroups(), firstSeed == null ? 1 : firstSeed)
                        .seeAll(atLeast(1, "--rounds", rounds), console, termination, printout);
            case EXHIBIT -> exhibit(Objects.requireNonNull(exhibit), printout);
            case SEARCH -> new SearchRun(atLeast(0, "--faults", faults)).run(console, termination, printout);
        };
    }

    private CampaignRun campaign() {
        if (schedules < 1) {
            throw CommandFailure.wrongUsage("--schedules must be at least 1");
        }
        // In microseconds, so that campaigns started one after the other do not share seeds.
        long first = firstSeed == null ? ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) : firstSeed;
        int atATime = threads == null ? Runtime.getRuntime().availableProcessors() : atLeast(1, "--threads", threads);
        return new CampaignRun(drawn, Seams.NONE, first, schedules, atATime);
    }

    private int exhibit(KnownBad known, Printout printout) {
        if (seed != null) {
            return new MuseumVisit(drawn.drawingWithoutGroups(), seed).see(known, 1, termination, printout);
        }
        return new MuseumVisit(drawn.drawingWithoutGroups(), firstSeed == null ? 1 : firstSeed)
                .see(known, MuseumVisit.SCHEDULES_MOST, termination, printout);
    }

    /** Returns the names of this command's own options that are on the command line. */
    private static List<String> given(CommandLine command) {
        return command.getParseResult().matchedOptions().stream()
                .filter(option -> !option.inherited())
                .map(OptionSpec::longestName)
                .toList();
    }

    private static int atLeast(int least, String option, int value) {
        if (value < least) {
            throw CommandFailure.wrongUsage(option + " must be at least " + least);
        }
        return value;
    }
}
