package dev.surefoot.cli.demo;

import dev.surefoot.cli.consumer.FetchFigures;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * A consumer that is put on trial.
 *
 * @param name what people call it
 * @param opening opens the consumer
 * @param figures what its fetches have cost
 */
record Contestant(
        String name,
        Supplier<Consumer<byte[], byte[]>> opening,
        Function<Consumer<byte[], byte[]>, FetchFigures> figures) {}
