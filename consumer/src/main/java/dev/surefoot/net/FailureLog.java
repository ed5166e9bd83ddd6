package dev.surefoot.net;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;

/**
 * Warns of what somebody has to act on, and does not repeat itself: retries go on by themselves many times a second, and a
 * log that scrolls hides what it says.
 */
final class FailureLog {
    /** A bootstrap server that fails less often than this in a row may merely be restarting. */
    private static final int BOOTSTRAP_PATIENCE = 3;

    private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Logger log;
    private int bootstrapFailures;
    private long nextBootstrapWarning = Deadline.NEVER;
    private long nextAuthenticationWarning = Deadline.NEVER;

    FailureLog(Logger log) {
        this.log = log;
    }

    void authenticationFailed(String broker, KafkaException cause, long nowNanos) {
        if (nextAuthenticationWarning == Deadline.NEVER || Deadline.passed(nextAuthenticationWarning, nowNanos)) {
            nextAuthenticationWarning = nowNanos + REPEAT_NANOS;
            log.warn(
                    "{} refused this client: {}. Check the credentials and the sasl.*, ssl.* and security.protocol settings;"
                            + " the client keeps trying.",
                    broker,
                    cause.getMessage());
        }
    }

    void connectionFailed(int nodeId, KafkaException cause, long nowNanos) {
        if (nodeId >= 0 || ++bootstrapFailures < BOOTSTRAP_PATIENCE) {
            return;
        }
        if (nextBootstrapWarning == Deadline.NEVER || Deadline.passed(nextBootstrapWarning, nowNanos)) {
            nextBootstrapWarning = nowNanos + REPEAT_NANOS;
            log.warn(
                    "No bootstrap server could be reached in {} attempts, the last one: {}. Check bootstrap.servers,"
                            + " security.protocol and the network; the client keeps trying.",
                    bootstrapFailures,
                    cause.getMessage());
        }
    }

    void connected() {
        bootstrapFailures = 0;
    }
}
