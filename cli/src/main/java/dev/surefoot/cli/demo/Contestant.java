package dev.surefoot.cli.demo;

import dev.surefoot.SurefootConsumer;
import java.util.function.Supplier;

/**
 * A consumer that reads the demo's topic.
 *
 * @param name its name for people
 * @param opening opens the consumer
 */
record Contestant(String name, Supplier<SurefootConsumer<byte[], byte[]>> opening) {}
