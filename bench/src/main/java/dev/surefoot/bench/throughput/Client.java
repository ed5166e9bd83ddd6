package dev.surefoot.bench.throughput;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Whom the bench can measure. All run with their default configuration, but for what must be the same for all. */
public enum Client {
    /** {@code SurefootConsumer.poll()}. */
    SUREFOOT("surefoot"),
    /** {@code KafkaConsumer} with {@code group.protocol=classic}. */
    KAFKA_CLASSIC("kafka-classic"),
    /** {@code KafkaConsumer} with {@code group.protocol=consumer}. */
    KAFKA_CONSUMER("kafka-consumer"),
    /** A small C program on librdkafka, compiled on the spot. */
    LIBRDKAFKA("librdkafka"),
    /** librdkafka by way of {@code kcat}: in place of the above where there is no compiler. */
    KCAT("kcat"),
    /** The bare drain: what the wire can give to whoever does nothing with it. */
    WIRE("wire");

    private final String label;

    Client(String label) {
        this.label = label;
    }

    /** The name in options, tables and JSON. */
    public String label() {
        return label;
    }

    /** The client with this label. */
    public static Optional<Client> ofLabel(String label) {
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
    }

    /** All labels, in the order of a table. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Client::label).toList();
    }
}
