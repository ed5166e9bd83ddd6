package dev.surefoot.cli.console;

/** What the loggers of the Kafka client and server may say: nothing, unless {@code --debug} opens them. */
public final class Logging {

    private Logging() {}

    /** Lets all loggers speak. Works only before the first of them is created, so before any Kafka class is used. */
    public static void open() {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
        System.setProperty("org.slf4j.simpleLogger.log.org.apache.kafka", "info");
        System.setProperty("org.slf4j.simpleLogger.log.kafka", "info");
        System.setProperty("org.slf4j.simpleLogger.log.dev.surefoot", "debug");
    }
}
