package dev.surefoot.net;

import java.util.function.UnaryOperator;
import org.slf4j.Logger;

/**
 * Kafka's {@code LogContext}, whose loggers pass through something of ours first. {@link KafkaVersion} puts the name of
 * Kafka's class in the place of {@link LogContextStandIn}, so this class is made there alone.
 */
final class QuietLogContext extends LogContextStandIn {
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
