package dev.surefoot.assembly;

import dev.surefoot.net.Closing;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
        List<AutoCloseable> lastFirst = List.copyOf(parts);
        parts.clear();
        Closing.after(refusal, lastFirst);
        return refusal;
    }
}
