package dev.surefoot.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The demo's end of a {@link GroupMember}: a JVM with the same class path. Its reports are passed on by a thread of its
 * own, up to the last one that it wrote. Used by one thread, except for {@link #kill}.
 */
final class MemberProcess implements AutoCloseable {

    /** A small JVM that starts fast. */
    private static final List<String> FLAGS =
            List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MaxDirectMemorySize=192m");

    /** Options of this JVM that the other one needs too, lest it warn of what it does. */
    private static final List<String> SHARED = List.of("--enable-native-access", "--sun-misc-unsafe-memory-access");

    private static final long GRACE_SECONDS = 10;

    private final String name;
    private final Process process;
    private final Thread reports;
    private volatile @Nullable Throwable failure;

    private MemberProcess(String name, Process process, Consumer<MemberReport> reader) {
        this.name = name;
        this.process = process;
        this.reports = new Thread(() -> pass(reader), "demo-member-" + name);
        reports.setDaemon(true);
        reports.start();
    }

    /**
     * Starts a member.
     *
     * @param arguments those of {@link GroupMember#main}
     * @param reader takes its reports, on another thread
     */
    static MemberProcess start(String name, List<String> arguments, Consumer<MemberReport> reader) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(each -> SHARED.stream().anyMatch(each::startsWith))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), GroupMember.class.getName()));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new MemberProcess(name, process, reader);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a JVM for a member of the group: " + command.get(0), e);
        }
    }

    /** Returns the member's name. */
    String name() {
        return name;
    }

    /** Lets the member begin to process records. */
    void begin() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Member " + name + " of the group has ended by itself", e);
        }
    }

    /**
     * Fails if the member has.
     *
     * @throws IllegalStateException if it has ended by itself, or wrote what is no report
     */
    void requireAlive() {
        if (failure != null || !process.isAlive()) {
            throw new IllegalStateException("Member " + name + " of the group has ended by itself", failure);
        }
    }

    /**
     * Kills the process: it closes nothing, commits nothing and says nothing to the coordinator. Safe from any thread.
     */
    void kill() {
        // Not Process.destroyForcibly: that closes the pipe, and the last reports in it would be lost.
        process.toHandle().destroyForcibly();
    }

    /** Waits until the process has ended and its last report is passed on. */
    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Member " + name + " of the group does not end");
        }
        reports.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
    }

    /** Has the member close its consumer and end. */
    void stop() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException("Member " + name + " of the group has ended by itself", e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private void pass(Consumer<MemberReport> reader) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reader.accept(MemberReport.parse(line));
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }
}
