package dev.surefoot.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.surefoot.bench.jmh.MicroBenchmarks;
import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.cli.console.Console;
import dev.surefoot.cli.console.Termination;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code surefoot bench micro}. */
@Command(
        name = "micro",
        description = {
            "Measure the hot code piece by piece, with JMH and its allocation profiler.",
            "",
            "Batch headers, record decoding, checksums, codecs, session, fetch codec, buffer pool and lanes. The usual"
                    + " run is short; ask for more forks and iterations where a difference is small."
        },
        footer = {
            "",
            "Examples:",
            "  surefoot bench micro",
            "  surefoot bench micro Codec --forks 3 --iterations 10",
            "  surefoot bench micro 'RecordDecode.*Arrays' --results decode.json"
        })
public final class MicroCommand implements Callable<Integer> {
    /** The allocation profiler's name for the bytes that one operation allocates. */
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Parameters(
            arity = "0..1",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description =
                    "Which benchmarks to run: those whose full name matches this regular expression (default: all).")
    private String pattern = ".*";

    @Option(
            names = "--forks",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "In how many JVMs each is run, one after the other; 0 for this one (default: ${DEFAULT-VALUE}).")
    private int forks;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many times each is measured, after as many to warm up (default: ${DEFAULT-VALUE}).")
    private int iterations;

    @Option(
            names = "--millis",
            paramLabel = "MS",
            defaultValue = "500",
            description = "How long one iteration takes (default: ${DEFAULT-VALUE}).")
    private long millis;

    @Option(names = "--results", paramLabel = "FILE", description = "Write the results to a file, as JMH does in JSON.")
    private @Nullable Path results;

    @Option(
            names = "--json",
            description = "Print one line of JSON for each benchmark on standard output, instead of JMH's own output.")
    private boolean json;

    private final Console console;
    private final Termination termination;

    /**
     * Makes a command that prints its result on {@code console} and stops when {@code termination} asks. JMH's own
     * output goes to the process's standard output.
     */
    public MicroCommand(Console console, Termination termination) {
        this.console = console;
        this.termination = termination;
    }

    @Override
    public Integer call() {
        checkOptions();
        // JMH ends its run when the JVM that it has started has ended.
        termination.toStop(() -> ProcessHandle.current().children().forEach(ProcessHandle::destroy));
        Collection<RunResult> measured;
        try {
            measured = new MicroBenchmarks(pattern, forks, iterations, millis, json, results).run();
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage(e.getMessage() + "; run without a pattern to see all of them", e);
        } catch (IllegalStateException e) {
            throw CommandFailure.atRunTime(termination.isAsked() ? "stopped" : String.valueOf(e.getMessage()), e);
        }
        if (json) {
            PrintStream out = new PrintStream(console.out(), true, StandardCharsets.UTF_8);
            measured.forEach(result -> out.println(line(result)));
        }
        return 0;
    }

    private void checkOptions() {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw CommandFailure.wrongUsage("'" + pattern + "' is no regular expression: " + e.getDescription(), e);
        }
        if (forks < 0) {
            throw CommandFailure.wrongUsage("--forks must be at least 0");
        }
        if (iterations < 1) {
            throw CommandFailure.wrongUsage("--iterations must be at least 1");
        }
        if (millis < 1) {
            throw CommandFailure.wrongUsage("--millis must be at least 1");
        }
    }

    private static ObjectNode line(RunResult result) {
        String name = result.getParams().getBenchmark();
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("benchmark", name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1));
        ObjectNode parameters = line.putObject("parameters");
        for (String key : result.getParams().getParamsKeys()) {
            parameters.put(key, result.getParams().getParam(key));
        }
        line.put("score", result.getPrimaryResult().getScore())
                .put("unit", result.getPrimaryResult().getScoreUnit());
        Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        if (allocated != null) {
            line.put("allocatedBytes", allocated.getScore());
        }
        return line;
    }
}
