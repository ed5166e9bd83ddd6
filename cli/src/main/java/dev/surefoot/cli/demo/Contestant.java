package dev.surefoot.cli.demo;

import dev.surefoot.SurefootConsumer;
import java.util.function.Supplier;

/**
 * A consumer that is put on trial.
 *
 * @param name what people call it
 * @param opening opens the consumer
 */
record Contestant(String name, Supplier<SurefootConsumer<byte[], byte[]>> opening) {}
