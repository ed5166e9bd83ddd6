package dev.surefoot.bench.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/** The worker's side of {@link WorkerJvm}. */
public final class Orders {
    /** The field of an answer that contains the reason of a failure. */
    static final String FAILURE = "failure";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Orders() {}

    /**
     * Carries out the orders on standard input, on the calling thread; does not return. The process ends at once when
     * its input ends, even in the middle of an order, so that no worker outlives the process that started it.
     */
    public static <O> void serve(Class<O> orderType, Function<O, Object> work) throws InterruptedException {
        // Standard output is for answers only.
        PrintStream answers = System.out;
        System.setOut(System.err);
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(lines), "orders");
        reader.setDaemon(true);
        reader.start();
        while (true) {
            answers.println(carryOut(lines.take(), orderType, work));
            answers.flush();
        }
    }

    private static void read(BlockingQueue<String> lines) {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            System.err.println("Standard input failed: " + e);
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private static <O> String carryOut(String line, Class<O> orderType, Function<O, Object> work) {
        try {
            return JSON.writeValueAsString(work.apply(JSON.readValue(line, orderType)));
        } catch (RuntimeException | JsonProcessingException e) {
            return JSON.valueToTree(Map.of(FAILURE, e.toString())).toString();
        }
    }
}
