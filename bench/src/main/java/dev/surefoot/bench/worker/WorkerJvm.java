package dev.surefoot.bench.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that carries out orders one after the other. Each order is a line of JSON on its standard input, and its answer
 * one on its standard output. The class path is that of this JVM; standard error is that of this process.
 *
 * <p>{@link #ask} belongs to one thread; {@link #close} may be called by any thread, and ends an order that is under
 * way.
 */
public final class WorkerJvm implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long GRACE_SECONDS = 5;

    private final Process process;
    private final BufferedWriter orders;
    private final BufferedReader answers;

    private WorkerJvm(Process process) {
        this.process = process;
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts a worker.
     *
     * @param main the class whose {@code main} serves the orders, with {@link Orders#serve}
     * @param flags options for its JVM
     */
    public static WorkerJvm start(Class<?> main, List<String> flags) {
        return start(List.of(), main, flags);
    }

    /**
     * Starts a worker through another program.
     *
     * @param wrapper that program and its arguments, to which the command of the JVM is added
     */
    public static WorkerJvm start(List<String> wrapper, Class<?> main, List<String> flags) {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        try {
            return new WorkerJvm(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a JVM for the measurement: " + command.get(0), e);
        }
    }

    /**
     * Sends an order and returns its answer.
     *
     * @throws IllegalStateException if the order failed, or the worker ended before it was done
     */
    public <A> A ask(Object order, Class<A> answerType) {
        try {
            orders.write(JSON.writeValueAsString(order));
            orders.newLine();
            orders.flush();
            return answer(answers.readLine(), answerType);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A worker and its order do not understand each other: " + order, e);
        } catch (IOException e) {
            throw new IllegalStateException("The JVM that measures has ended before it was done", e);
        }
    }

    private static <A> A answer(@Nullable String line, Class<A> answerType) throws JsonProcessingException {
        if (line == null) {
            throw new IllegalStateException("The JVM that measures has ended before it was done");
        }
        JsonNode answer = JSON.readTree(line);
        if (answer.has(Orders.FAILURE)) {
            throw new IllegalStateException(
                    "A measurement failed: " + answer.get(Orders.FAILURE).asText());
        }
        return JSON.treeToValue(answer, answerType);
    }

    /** Ends the worker, even in the middle of an order. */
    @Override
    public void close() {
        // A worker ends when its input ends. Destroying it closes the input without waiting for unwritten bytes.
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
