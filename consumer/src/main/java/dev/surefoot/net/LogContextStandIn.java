package dev.surefoot.net;

import org.slf4j.Logger;

/**
 * What Kafka's {@code LogContext} has in every version. {@link QuietLogContext} is compiled against this class, and
 * {@link KafkaVersion} puts Kafka's name in its place: a class that named Kafka's could not be loaded with the versions
 * that have it elsewhere, and programs that scan a class path load every class. No object of this class is ever made.
 */
class LogContextStandIn {
    LogContextStandIn(String prefix) {
        throw new UnsupportedOperationException("stands for Kafka's LogContext with the prefix " + prefix);
    }

    public Logger logger(Class<?> type) {
        throw new UnsupportedOperationException("stands for Kafka's LogContext, asked for " + type);
    }
}
