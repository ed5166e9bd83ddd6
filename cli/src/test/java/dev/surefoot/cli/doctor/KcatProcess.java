package dev.surefoot.cli.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A member of a group that is librdkafka, by the program {@code kcat}; the group has the name of its topic. */
final class KcatProcess implements AutoCloseable {

    /** Stands for this client among the others. */
    static final String NAME = "KCAT";

    private static final long PATIENCE_SECONDS = 30;

    private final Process process;

    KcatProcess(String servers, String groupAndTopic) throws IOException {
        List<String> command = new ArrayList<>(List.of("kcat", "-b", servers, "-G", groupAndTopic, "-q"));
        // Frozen for minutes, it is to stay a member.
        for (String setting : List.of(
                "auto.offset.reset=earliest",
                "auto.commit.interval.ms=500",
                "session.timeout.ms=300000",
                "max.poll.interval.ms=600000",
                "heartbeat.interval.ms=1000")) {
            command.addAll(List.of("-X", setting));
        }
        command.add(groupAndTopic);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Whether this machine has the program. */
    static boolean isInstalled() {
        try {
            Process version = new ProcessBuilder("kcat", "-V")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return version.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops it as a debugger does: it stays a member and does nothing. */
    void freeze() throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IllegalStateException("kcat cannot be stopped");
        }
    }

    /** Ends it as a user would, who interrupts it: it leaves the group. */
    void end() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            close();
            throw new IllegalStateException("kcat does not end");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
