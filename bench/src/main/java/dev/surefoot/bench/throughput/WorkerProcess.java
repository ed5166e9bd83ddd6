package dev.surefoot.bench.throughput;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The bench's end of a worker: one process that waits on its standard input while others are measured. */
final class WorkerProcess implements ClientProcess {
    private static final int COMPLAINT_LINES = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Client client;
    private final WrittenTopic topic;
    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;
    private final Path complaints;

    private WorkerProcess(Client client, WrittenTopic topic, List<String> command) {
        this.client = client;
        this.topic = topic;
        try {
            this.complaints = Files.createTempFile("surefoot-bench-", ".err");
            this.process = new ProcessBuilder(command)
                    .redirectError(complaints.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command.get(0) + " for " + client.label(), e);
        }
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts a JVM for the client, and returns when it is ready to be measured. */
    static WorkerProcess ofJvm(Client client, WrittenTopic topic, List<String> jvmFlags) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(jvmFlags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Worker.class.getName());
        command.add(client.label());
        try {
            command.add(JSON.writeValueAsString(topic));
        } catch (IOException e) {
            throw new UncheckedIOException("a record of numbers and names has no JSON form", e);
        }
        return ready(new WorkerProcess(client, topic, command));
    }

    /** Starts the program that reads with librdkafka, and returns when it is ready to be measured. */
    static WorkerProcess ofProgram(Client client, WrittenTopic topic, Path program) {
        Workload workload = topic.workload();
        return ready(new WorkerProcess(
                client,
                topic,
                List.of(
                        program.toString(),
                        topic.bootstrapServers(),
                        topic.topic(),
                        Integer.toString(workload.partitions()),
                        Long.toString(topic.records()),
                        Long.toString(topic.bytes()),
                        workload.headers() > 0 ? "headers" : "no-headers",
                        workload.readCommitted() ? "read_committed" : "read_uncommitted")));
    }

    private static WorkerProcess ready(WorkerProcess started) {
        try {
            started.answer();
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    @Override
    public RoundResult round(int number) {
        try {
            commands.write("{\"round\":" + number + "}\n");
            commands.flush();
        } catch (IOException e) {
            throw failure("the process has ended" + lastComplaints(), e);
        }
        return answer();
    }

    private RoundResult answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw failure("the process has ended" + lastComplaints(), null);
            }
            JsonNode answer = JSON.readTree(line);
            if (answer.has("error")) {
                throw failure(answer.get("error").asText(), null);
            }
            return JSON.treeToValue(answer, RoundResult.class);
        } catch (IOException e) {
            throw failure("its answer cannot be read" + lastComplaints(), e);
        }
    }

    private BenchFailedException failure(String what, @Nullable Exception cause) {
        return new BenchFailedException(
                client.label() + " failed at workload " + topic.workload().name() + ": " + what, cause);
    }

    private String lastComplaints() {
        try {
            List<String> lines = Files.readAllLines(complaints);
            List<String> last = lines.subList(Math.max(0, lines.size() - COMPLAINT_LINES), lines.size());
            return last.isEmpty() ? "" : ", and said: " + String.join(" / ", last);
        } catch (IOException e) {
            return ", and what it said cannot be read: " + e;
        }
    }

    @Override
    public void close() {
        kill();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
            Files.deleteIfExists(complaints);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + complaints, e);
        }
    }

    @Override
    public void kill() {
        process.destroyForcibly();
    }
}
