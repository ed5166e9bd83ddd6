package dev.surefoot.testkit.consumer;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/** A member of a group that polls until its process is killed. */
final class MemberProgram {
    private MemberProgram() {}

    /** @param arguments the client, the topic, and what the consumer is configured with, as key=value */
    public static void main(String[] arguments) {
        Map<String, Object> config = new HashMap<>();
        Arrays.stream(arguments)
                .skip(2)
                .map(option -> option.split("=", 2))
                .forEach(option -> config.put(option[0], option[1]));
        try (Consumer<byte[], byte[]> consumer = Client.valueOf(arguments[0]).open(config)) {
            consumer.subscribe(List.of(arguments[1]));
            while (!Thread.currentThread().isInterrupted()) {
                consumer.poll(Duration.ofSeconds(1));
            }
        }
    }
}
