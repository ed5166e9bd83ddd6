package dev.surefoot.cli.console;

/** The log of the Kafka client and server: off, unless {@code --debug} turns it on. */
public final class Logging {

    private Logging() {}

    /**
     * Turns all loggers on. It has an effect only before the first of them is created, so
     * before any Kafka class is used.
     */
    public static void open() {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
        System.setProperty("org.slf4j.simpleLogger.log.org.apache.kafka", "info");
        System.setProperty("org.slf4j.simpleLogger.log.kafka", "info");
        System.setProperty("org.slf4j.simpleLogger.log.dev.surefoot", "debug");
    }
}
