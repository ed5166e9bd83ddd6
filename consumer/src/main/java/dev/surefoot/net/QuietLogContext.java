package dev.surefoot.net;

import java.util.function.UnaryOperator;
import org.apache.kafka.common.utils.internals.LogContext;
import org.slf4j.Logger;

/**
 * A log context whose loggers pass through something of ours first. Compiled against the newest kafka-clients; {@link KafkaVersion}
 * puts the name that {@code LogContext} has into it, so this class is made there alone, and may name no other class that differs.
 */
final class QuietLogContext extends LogContext {
    private final UnaryOperator<Logger> quieted;

    /** @param quieted gets the logger that Kafka makes and gives the one to use */
    QuietLogContext(String prefix, UnaryOperator<Logger> quieted) {
        super(prefix);
        this.quieted = quieted;
    }

    @Override
    public Logger logger(Class<?> type) {
        return quieted.apply(super.logger(type));
    }
}
