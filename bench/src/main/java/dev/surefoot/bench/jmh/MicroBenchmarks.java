package dev.surefoot.bench.jmh;

import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A run of this package's benchmarks, with the allocation profiler.
 *
 * @param pattern a regular expression that matches the full names of the benchmarks to run
 * @param forks in how many JVMs each is run, one after the other; 0 for this one, which makes figures less reliable
 * @param iterations how many times each is measured in a JVM, after as many to warm up
 * @param iterationMillis milliseconds of each iteration
 * @param quiet whether JMH prints nothing about the run
 * @param results a file for the results as JMH writes them in JSON, or null for none
 */
public record MicroBenchmarks(
        String pattern,
        int forks,
        int iterations,
        long iterationMillis,
        boolean quiet,
        @Nullable Path results) {

    /**
     * Runs them.
     *
     * @throws IllegalArgumentException if the pattern matches none
     * @throws IllegalStateException if a benchmark fails
     */
    public Collection<RunResult> run() {
        TimeValue time = TimeValue.milliseconds(iterationMillis);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(pattern)
                .forks(forks)
                .warmupIterations(iterations)
                .warmupTime(time)
                .measurementIterations(iterations)
                .measurementTime(time)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(quiet ? VerboseMode.SILENT : VerboseMode.NORMAL);
        if (results != null) {
            options.resultFormat(ResultFormatType.JSON).result(results.toString());
        }
        try {
            return new Runner(options.build()).run();
        } catch (NoBenchmarksException e) {
            throw new IllegalArgumentException("no benchmark's name matches '" + pattern + "'", e);
        } catch (RunnerException e) {
            throw new IllegalStateException("a benchmark failed: " + e.getMessage(), e);
        }
    }
}
