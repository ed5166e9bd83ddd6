package dev.surefoot.bench.throughput;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * librdkafka by {@code kcat}, for machines without a compiler. Each round is a new process, so every round is a cold
 * one and includes the start and the end of the process. The records are discarded and counted.
 */
final class KcatProcess implements ClientProcess {
    /** The lines of {@code times} with user and system time; the last one is that of the shell's children. */
    private static final Pattern MINUTES_AND_SECONDS = Pattern.compile("(\\d+)m([\\d.]+)s");

    private final WrittenTopic topic;
    private volatile boolean killed;
    private volatile @Nullable Process running;

    KcatProcess(WrittenTopic topic) {
        this.topic = topic;
    }

    /** Returns whether this machine has a kcat. */
    static boolean isInstalled() {
        try {
            Process process = new ProcessBuilder("kcat", "-V")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public RoundResult round(int number) {
        long start = System.nanoTime();
        try {
            Process process = new ProcessBuilder(command())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            running = process;
            if (killed) {
                process.destroyForcibly();
            }
            String times = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            double seconds = (System.nanoTime() - start) / 1e9;
            if (process.waitFor() != 0) {
                throw new BenchFailedException(
                        "kcat failed at workload " + topic.workload().name() + " with exit code " + process.exitValue(),
                        null);
            }
            return new RoundResult(topic.records(), seconds, childrenCpuSeconds(times), null, null, null, null, null);
        } catch (IOException e) {
            throw new BenchFailedException("kcat cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailedException("interrupted while kcat ran", e);
        }
    }

    /**
     * Returns the command. It runs in a shell, which reports its processor time; {@code -c} ends it after as many
     * records.
     */
    private List<String> command() {
        String isolation = topic.workload().readCommitted() ? "read_committed" : "read_uncommitted";
        return List.of(
                "sh",
                "-c",
                "kcat \"$@\" > /dev/null && times",
                "kcat",
                "-C",
                "-q",
                "-b",
                topic.bootstrapServers(),
                "-t",
                topic.topic(),
                "-o",
                "beginning",
                "-c",
                Long.toString(topic.records()),
                "-X",
                "isolation.level=" + isolation,
                "-f",
                "%%");
    }

    private static double childrenCpuSeconds(String times) {
        List<MatchResult> found = MINUTES_AND_SECONDS.matcher(times).results().toList();
        return found.stream()
                .skip(Math.max(0, found.size() - 2))
                .mapToDouble(each -> 60 * Double.parseDouble(each.group(1)) + Double.parseDouble(each.group(2)))
                .sum();
    }

    @Override
    public void kill() {
        killed = true;
        Process process = running;
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
