package dev.surefoot.runtime;

import dev.surefoot.core.engine.Unanswered;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the exception for a wait of the application that has timed out. It names what is missing, and the reasons as
 * far as they are known.
 */
final class TimeoutMessage {
    /** More names of one group would hide the reason. */
    private static final int NAMED_MAX = 10;

    private TimeoutMessage() {}

    /**
     * @param what what the application waited for
     * @param unanswered the parts that are missing; empty if there is no answer at all yet
     * @return the exception; its cause is the last failure that prevented an answer
     */
    static TimeoutException exception(Duration timeout, String what, List<Unanswered> unanswered) {
        String expired = "Timeout of " + timeout.toMillis() + "ms expired before " + what + " could be determined";
        String details = unanswered.isEmpty()
                ? ": no broker has answered yet; check that the brokers can be reached"
                : unanswered.stream().map(TimeoutMessage::describe).collect(Collectors.joining("; ", ": ", ""));
        return new TimeoutException(expired + details, lastFailure(unanswered));
    }

    private static @Nullable KafkaException lastFailure(List<Unanswered> unanswered) {
        KafkaException last = null;
        for (Unanswered each : unanswered) {
            last = each.cause() == null ? last : each.cause();
        }
        return last;
    }

    private static String describe(Unanswered unanswered) {
        List<TopicPartition> partitions = unanswered.partitions();
        if (partitions.isEmpty()) {
            return unanswered.why();
        }
        String names = partitions.stream()
                .limit(NAMED_MAX)
                .map(TopicPartition::toString)
                .collect(Collectors.joining(", "));
        int more = partitions.size() - NAMED_MAX;
        return (more > 0 ? names + " and " + more + " more" : names) + " (" + unanswered.why() + ")";
    }
}
