package dev.surefoot;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.KafkaException;

/** The parts that were made for something that may still fail; if it does they are closed, the last one first. */
final class MadeSoFar {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    void add(AutoCloseable part) {
        parts.push(part);
    }

    /**
     * Closes every part, whatever becomes of the others.
     *
     * @param failure why there will be no whole
     * @return the failure as the exception to throw; what closing has thrown is suppressed in it
     */
    KafkaException closedAfter(Throwable failure) {
        KafkaException refusal = failure instanceof KafkaException known
                ? known
                : new KafkaException(
                        "No consumer can be made of this configuration: " + FailureReason.of(failure), failure);
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Throwable e) { // the remaining parts are to be closed even after an Error
                refusal.addSuppressed(e);
            }
        }
        return refusal;
    }
}
