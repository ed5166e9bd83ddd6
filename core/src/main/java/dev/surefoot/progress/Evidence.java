package dev.surefoot.progress;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a {@link Diagnosis} was concluded from. The names of the components are those that logs and JSON use; a name
 * that ends with {@code Ms} is in milliseconds, one with {@code Bytes} in bytes.
 */
public sealed interface Evidence {
    /** Returns the offsets by which the cause was named. */
    Marks marks();

    /** Returns the evidence as one part of a sentence; empty if the marks say all. */
    String sentence();

    /** Returns the components by their names, without the marks. */
    default Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : getClass().getRecordComponents()) {
            if (component.getType() != Marks.class) {
                fields.put(component.getName(), valueOf(component));
            }
        }
        return fields;
    }

    private Object valueOf(RecordComponent component) {
        try {
            return component.getAccessor().invoke(this);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the accessor of a public record cannot be called", e);
        }
    }

    /** Nothing beside the marks. */
    record Offsets(Marks marks) implements Evidence {
        @Override
        public String sentence() {
            return "";
        }
    }

    /**
     * The thread that does the consumer's input and output.
     *
     * @param turnAgeMs milliseconds since its present turn began
     * @param death what ended it, or an empty text
     */
    record LoopState(Marks marks, long turnAgeMs, String death) implements Evidence {
        @Override
        public String sentence() {
            return death.isEmpty() ? "its turn takes " + turnAgeMs + " ms so far" : death;
        }
    }

    /**
     * What the application does.
     *
     * @param inPoll whether it is in poll
     * @param sinceMs milliseconds since it entered or left it
     * @param failure what kept it from taking the next record, or an empty text
     */
    record Application(Marks marks, boolean inPoll, long sinceMs, String failure) implements Evidence {
        @Override
        public String sentence() {
            return failure.isEmpty()
                    ? "the application has been " + (inPoll ? "in" : "out of") + " poll for " + sinceMs + " ms"
                    : failure;
        }
    }

    /**
     * The memory for fetched data.
     *
     * @param heldBytes bytes in use
     * @param capacityBytes bytes that may be in use
     */
    record Buffer(Marks marks, long heldBytes, long capacityBytes) implements Evidence {
        @Override
        public String sentence() {
            return heldBytes + " of " + capacityBytes + " bytes are in use";
        }
    }

    /**
     * An error for which the partition is not read until the application acts.
     *
     * @param error the exception's message
     */
    record Halt(Marks marks, String error) implements Evidence {
        @Override
        public String sentence() {
            return error;
        }
    }

    /**
     * A question about a position without an answer.
     *
     * @param question what is asked
     * @param nodeId the broker that is asked, or -1 if none can be
     * @param sinceMs milliseconds since it was asked first
     * @param failures how many requests have failed in a row
     */
    record Lookup(Marks marks, String question, int nodeId, long sinceMs, int failures) implements Evidence {
        @Override
        public String sentence() {
            return "waiting for " + question + (nodeId < 0 ? "" : " of broker " + nodeId) + " for " + sinceMs + " ms, "
                    + failures + " failures";
        }
    }

    /**
     * An open transaction at the position.
     *
     * @param pinnedOffsets offsets between the last stable offset and the high watermark
     * @param sinceMs milliseconds since the last stable offset was first seen here
     */
    record Transaction(Marks marks, long pinnedOffsets, long sinceMs) implements Evidence {
        @Override
        public String sentence() {
            return pinnedOffsets + " offsets wait for a transaction that began at " + marks.lastStableOffset();
        }
    }

    /**
     * What metadata says of the partition's topic or leader.
     *
     * @param error what it says
     * @param sinceMs milliseconds since it has said so
     */
    record Metadata(Marks marks, String error, long sinceMs) implements Evidence {
        @Override
        public String sentence() {
            return error;
        }
    }

    /**
     * The connection to a broker.
     *
     * @param nodeId the broker
     * @param state what the connection does
     * @param sinceMs milliseconds since it has been so
     * @param failures how many attempts have failed in a row
     * @param failure the last failure, or an empty text
     */
    record Link(Marks marks, int nodeId, String state, long sinceMs, int failures, String failure) implements Evidence {
        @Override
        public String sentence() {
            return "connection to broker " + nodeId + " " + state + " for " + sinceMs + " ms"
                    + (failures == 0 ? "" : ", failed " + failures + " times")
                    + (failure.isEmpty() ? "" : ": " + failure);
        }
    }

    /**
     * An error that a broker answers for the partition.
     *
     * @param nodeId the broker
     * @param error its name and number
     * @param count how often in a row
     * @param sinceMs milliseconds since the first of them
     */
    record Fault(Marks marks, int nodeId, String error, int count, long sinceMs) implements Evidence {
        @Override
        public String sentence() {
            return "broker " + nodeId + " answers " + error + ", " + count + " times in a row";
        }
    }

    /**
     * The fetch session that the partition is in.
     *
     * @param nodeId the broker
     * @param silentAnswers answers in a row that had room for the partition's records and did not name it
     * @param silentMs milliseconds since the broker last named it
     * @param mismatches answers within the last minute that contradicted the session
     * @param doubts answers in a row whose records of the partition could not be used
     */
    record Session(Marks marks, int nodeId, long silentAnswers, long silentMs, int mismatches, int doubts)
            implements Evidence {
        @Override
        public String sentence() {
            return "broker " + nodeId + " has not named the partition for " + silentMs + " ms in " + silentAnswers
                    + " answers with room for it; " + mismatches + " contradictions, " + doubts + " doubts in a row";
        }
    }

    /**
     * The consumer's membership of its group.
     *
     * @param state what it does
     * @param sinceMs milliseconds since it has been so
     */
    record Membership(Marks marks, String state, long sinceMs) implements Evidence {
        @Override
        public String sentence() {
            return "the member is " + state + " for " + sinceMs + " ms";
        }
    }
}
