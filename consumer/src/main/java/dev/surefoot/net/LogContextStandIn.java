package dev.surefoot.net;

import org.slf4j.Logger;

/**
 * The members that Kafka's {@code LogContext} has in every version. {@link QuietLogContext} is compiled against this
 * class, and {@link KafkaVersion} replaces its name by that of Kafka's class. A class that named Kafka's directly could
 * not be loaded with versions that have it in another package, and programs that scan a class path load every class. No
 * object of this class is ever made.
 */
class LogContextStandIn {
    LogContextStandIn(String prefix) {
        throw new UnsupportedOperationException("stands for Kafka's LogContext with the prefix " + prefix);
    }

    /** Stands for Kafka's method of this name. */
    public Logger logger(Class<?> type) {
        throw new UnsupportedOperationException("stands for Kafka's LogContext, asked for " + type);
    }
}
