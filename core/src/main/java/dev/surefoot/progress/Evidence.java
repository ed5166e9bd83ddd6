package dev.surefoot.progress;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
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

    private static String in(List<String> frames) {
        return frames.isEmpty() ? "" : ", in " + String.join(" < ", frames);
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
     * @param frames the methods that it is in, innermost first, five at most
     */
    record LoopState(Marks marks, long turnAgeMs, String death, List<String> frames) implements Evidence {
        @Override
        public String sentence() {
            return death.isEmpty() ? "its turn takes " + turnAgeMs + " ms so far" + in(frames) : death;
        }
    }

    /**
     * What the application does.
     *
     * @param inPoll whether it is in poll
     * @param sinceMs milliseconds since it entered or left it
     * @param failure what kept it from taking the next record, or an empty text
     * @param frames the methods that the polling thread is in, innermost first, five at most; empty unless the cause is
     *     that it does not go on
     */
    record Application(Marks marks, boolean inPoll, long sinceMs, String failure, List<String> frames)
            implements Evidence {
        /** Returns the same with the methods that the polling thread is in. */
        public Application in(List<String> now) {
            return new Application(marks, inPoll, sinceMs, failure, now);
        }

        @Override
        public String sentence() {
            return failure.isEmpty()
                    ? "the application has been " + (inPoll ? "in" : "out of") + " poll for " + sinceMs + " ms"
                            + Evidence.in(frames)
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
     * An open transaction at the position, and its producer.
     *
     * @param pinnedOffsets offsets between the last stable offset and the high watermark
     * @param sinceMs milliseconds since the last stable offset was first seen here
     * @param startOffset the first offset of the transaction
     * @param lastTimestampMs the producer's own time of its last record, in milliseconds since the epoch, or -1
     * @param listing {@code LISTED} if a coordinator knows the transaction, {@code UNLISTED} if none does,
     *     {@code UNKNOWN} if not all have answered or this client may not see all
     * @param transactionalId the producer's {@code transactional.id}; empty if it is not known
     */
    record Holder(
            Marks marks,
            long pinnedOffsets,
            long sinceMs,
            long producerId,
            int producerEpoch,
            long startOffset,
            long lastTimestampMs,
            String listing,
            String transactionalId)
            implements Evidence {
        @Override
        public String sentence() {
            return pinnedOffsets + " offsets wait for the transaction of producer " + producerId + " (epoch "
                    + producerEpoch + (transactionalId.isEmpty() ? "" : ", transactional.id " + transactionalId)
                    + ") that began at " + startOffset
                    + switch (listing) {
                        case "UNLISTED" -> "; no coordinator knows it";
                        case "LISTED" -> "; its coordinator knows it";
                        default -> "";
                    };
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
     * @param coordinator the node id of the group's coordinator as it was found last, or -1
     * @param memberId its id; empty before the first join
     * @param instanceId the {@code group.instance.id}; empty without one
     * @param epoch its generation or member epoch, or -1
     * @param owned how many partitions it owns
     * @param rebalances how many have ended within the last ten minutes
     * @param error what the coordinator or the exception of the last poll says, or an empty text
     */
    record Membership(
            Marks marks,
            String state,
            long sinceMs,
            int coordinator,
            String memberId,
            String instanceId,
            int epoch,
            int owned,
            int rebalances,
            String error)
            implements Evidence {
        @Override
        public String sentence() {
            return "it is " + state + " for " + sinceMs + " ms"
                    + (coordinator < 0 ? "" : "; the coordinator is broker " + coordinator)
                    + (instanceId.isEmpty() ? "" : "; group.instance.id is " + instanceId)
                    + (error.isEmpty() ? "" : "; " + error);
        }
    }

    /**
     * Time in which the process did not run, or by which its clocks were set.
     *
     * @param monotonicMs milliseconds by the monotonic clock between two rounds of the guard
     * @param wallMs milliseconds by the wall clock between the same
     */
    record Pause(Marks marks, long monotonicMs, long wallMs) implements Evidence {
        @Override
        public String sentence() {
            return "the guard's last round was " + monotonicMs + " ms before, " + wallMs + " ms by the wall clock";
        }
    }

    /**
     * Commits that fail.
     *
     * @param failures how many have failed since the last that succeeded
     * @param sinceMs milliseconds since the first of them
     * @param error why the last one failed
     */
    record Commits(Marks marks, int failures, long sinceMs, String error) implements Evidence {
        @Override
        public String sentence() {
            return failures + " commits have failed in " + sinceMs + " ms: " + error;
        }
    }

    /**
     * Fetch sessions that a broker drops or does not give.
     *
     * @param nodeId the broker
     * @param dropped how many that were in use it has not known within the last minute
     * @param notGranted how many requests in a row it has answered without giving one
     */
    record Sessions(Marks marks, int nodeId, int dropped, int notGranted) implements Evidence {
        @Override
        public String sentence() {
            return "broker " + nodeId + " has dropped " + dropped
                    + " fetch sessions in use within a minute, and has given" + " none for " + notGranted
                    + " requests in a row";
        }
    }

    /**
     * A lag that grows.
     *
     * @param partition a partition that has it
     * @param lag its lag now, in offsets
     * @param inPerSecond by how many offsets per second the end moves, averaged over five minutes
     * @param outPerSecond by how many the application moves
     * @param waitingPercent in how many of a hundred looks data waited for the application
     */
    record Growth(Marks marks, String partition, long lag, long inPerSecond, long outPerSecond, int waitingPercent)
            implements Evidence {
        @Override
        public String sentence() {
            return partition + " is " + lag + " offsets behind; " + inPerSecond + " come and " + outPerSecond
                    + " are read each second, and data waits for the application " + waitingPercent + " % of the time";
        }
    }

    /**
     * A follower that is behind its leader.
     *
     * @param nodeId the follower
     * @param leaderEnd the end of what may be read at the leader
     * @param sinceMs milliseconds since the leader was seen to be ahead
     */
    record Follower(Marks marks, int nodeId, long leaderEnd, long sinceMs) implements Evidence {
        @Override
        public String sentence() {
            return "broker " + nodeId + ", a follower, has been read to its end; the leader's is " + leaderEnd
                    + ", ahead" + " for " + sinceMs + " ms";
        }
    }

    /**
     * Records in remote storage.
     *
     * @param nodeId the broker that is to get them
     * @param localStart the first offset that the broker has itself
     * @param sinceMs milliseconds without progress
     */
    record RemoteTier(Marks marks, int nodeId, long localStart, long sinceMs) implements Evidence {
        @Override
        public String sentence() {
            return "broker " + nodeId + " has got no records for " + sinceMs + " ms; those before " + localStart
                    + " are in remote storage";
        }
    }
}
