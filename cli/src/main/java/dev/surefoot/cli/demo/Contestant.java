package dev.surefoot.cli.demo;

import dev.surefoot.cli.consumer.FetchFigures;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * A consumer that reads the demo's topic.
 *
 * @param name its name for people
 * @param opening opens the consumer
 * @param figures the figures of its fetches
 */
record Contestant(
        String name,
        Supplier<Consumer<byte[], byte[]>> opening,
        Function<Consumer<byte[], byte[]>, FetchFigures> figures) {}
