package dev.surefoot.bench.throughput;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The process in which one client is measured. For each line on standard input it runs a round and answers
 * with one line of JSON, a {@link RoundResult} or an {@code error}. It ends with its standard input, even
 * in the middle of a round.
 */
public final class Worker {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Worker() {}

    /** Takes two arguments: the client's label, and the topic as JSON. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Client client = Client.ofLabel(args[0]).orElseThrow();
        WrittenTopic topic = JSON.readValue(args[1], WrittenTopic.class);
        PrintStream out = System.out;
        BlockingQueue<String> commands = new LinkedBlockingQueue<>();
        Thread input = new Thread(() -> readCommands(commands), "bench-commands");
        input.setDaemon(true);
        input.start();
        // The first answer also loads the classes that write answers, so that this is not part of any round.
        out.println(JSON.writeValueAsString(new RoundResult(0, 0, 0, 0L, 0L, 0L, 0.0, 0L)));
        while (!commands.take().isEmpty()) {
            out.println(answer(client, topic));
            out.flush();
        }
    }

    private static String answer(Client client, WrittenTopic topic) throws IOException {
        try {
            return JSON.writeValueAsString(Round.run(client, topic));
        } catch (RuntimeException e) {
            return JSON.writeValueAsString(Map.of("error", describe(e)));
        }
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return failure.getCause() == null ? message : message + ": " + describe(failure.getCause());
    }

    private static void readCommands(BlockingQueue<String> commands) {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
            }
        } catch (IOException e) {
            System.err.println("Cannot read commands: " + e);
        }
        // The process that asked has ended.
        Runtime.getRuntime().halt(0);
    }
}
