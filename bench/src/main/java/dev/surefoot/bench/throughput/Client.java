package dev.surefoot.bench.throughput;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Whom the bench can measure. All run with their default configuration, but for what must be the same for all. */
public enum Client {
    /** {@code SurefootConsumer.poll()}. */
    SUREFOOT("surefoot", Kind.JVM),
    /** {@code KafkaConsumer} with {@code group.protocol=classic}. */
    KAFKA_CLASSIC("kafka-classic", Kind.JVM),
    /** {@code KafkaConsumer} with {@code group.protocol=consumer}. */
    KAFKA_CONSUMER("kafka-consumer", Kind.JVM),
    /** A small C program on librdkafka, compiled on the spot. */
    LIBRDKAFKA("librdkafka", Kind.NATIVE),
    /** The bare drain: what the wire can give to whoever does nothing with it. */
    WIRE("wire", Kind.JVM);

    private final String label;
    private final Kind kind;

    Client(String label, Kind kind) {
        this.label = label;
        this.kind = kind;
    }

    /** The name in options, tables and JSON. */
    public String label() {
        return label;
    }

    /** Tells whether it needs a C compiler and librdkafka rather than a JVM. */
    boolean isNative() {
        return kind == Kind.NATIVE;
    }

    /** The client with this label. */
    public static Optional<Client> ofLabel(String label) {
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
    }

    /** All labels, in the order of a table. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Client::label).toList();
    }

    private enum Kind {
        JVM,
        NATIVE
    }
}
