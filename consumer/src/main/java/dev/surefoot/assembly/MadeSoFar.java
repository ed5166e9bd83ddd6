package dev.surefoot.assembly;

import dev.surefoot.net.Closing;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.KafkaException;

/** The parts that were made so far for a whole that may still fail. If it fails they are closed, the last one first. */
final class MadeSoFar {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    void add(AutoCloseable part) {
        parts.push(part);
    }

    /**
     * Closes every part, also if closing another one throws.
     *
     * @param failure why the whole cannot be made
     * @return the failure as the exception to throw; what closing throws is suppressed in it
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
