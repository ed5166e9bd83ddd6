package dev.surefoot.testkit.consumer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A member of a group that writes partition and offset of each record to a file until its process is killed. */
final class PrintingMember {
    private PrintingMember() {}

    /** @param arguments the client, the topic, the file, and what the consumer is configured with, as key=value */
    public static void main(String[] arguments) throws IOException {
        Map<String, Object> config = new HashMap<>();
        Arrays.stream(arguments)
                .skip(3)
                .map(option -> option.split("=", 2))
                .forEach(option -> config.put(option[0], option[1]));
        try (Consumer<byte[], byte[]> consumer = Client.valueOf(arguments[0]).open(config);
                OutputStream file = new FileOutputStream(arguments[2], true)) {
            consumer.subscribe(List.of(arguments[1]));
            while (!Thread.currentThread().isInterrupted()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    file.write((record.partition() + " " + record.offset() + "\n").getBytes(US_ASCII));
                }
            }
        }
    }
}
