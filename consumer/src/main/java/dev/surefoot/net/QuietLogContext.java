package dev.surefoot.net;

import java.util.function.UnaryOperator;
import org.slf4j.Logger;

/**
 * Kafka's {@code LogContext} with loggers that a function of ours has wrapped. {@link KafkaVersion} replaces the name
 * {@link LogContextStandIn} in it by that of Kafka's class, so only that class makes it.
 */
final class QuietLogContext extends LogContextStandIn {
    private final UnaryOperator<Logger> quieted;

    /** @param quieted receives the logger that Kafka makes and returns the one to use */
    QuietLogContext(String prefix, UnaryOperator<Logger> quieted) {
        super(prefix);
        this.quieted = quieted;
    }

    @Override
    public Logger logger(Class<?> type) {
        return quieted.apply(super.logger(type));
    }
}
