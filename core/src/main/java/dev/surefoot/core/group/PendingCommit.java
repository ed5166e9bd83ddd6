package dev.surefoot.core.group;

import dev.surefoot.core.handover.MemberIdentity;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A commit whose outcome the application was not told yet: what of it is left to store, whether it is on the wire, and
 * how it ended. It may end while it is on the wire, by its deadline. Owned by the loop's thread.
 */
final class PendingCommit {
    private final Commit commit;
    private final Map<TopicPartition, OffsetAndMetadata> remaining;
    /** The topics that the offsets are of; {@link Uuid#ZERO_UUID} for one that is not described yet. */
    private final Map<String, Uuid> topicIds = new HashMap<>();
    /** The failure of the look-up for the coordinator that was known already when the commit was submitted. */
    private final @Nullable KafkaException oldLookupFailure;

    private boolean onWire;
    private @Nullable KafkaException failureIfUnsent;
    private boolean ended;
    private @Nullable KafkaException outcome;
    private boolean sentOnce;
    private boolean unsure;
    private boolean epochRetried;
    private int failures;
    private long retryAtNanos;
    private @Nullable KafkaException lastFailure;

    /** @param ids returns the id of the topic that has a name now */
    PendingCommit(Commit commit, Function<String, Uuid> ids, @Nullable KafkaException oldLookupFailure) {
        this.commit = commit;
        this.remaining = new LinkedHashMap<>(commit.offsets());
        remaining.keySet().forEach(partition -> topicIds.computeIfAbsent(partition.topic(), ids));
        this.oldLookupFailure = oldLookupFailure;
        this.sentOnce = commit.kind() == Commit.Kind.ASYNC;
    }

    long id() {
        return commit.id();
    }

    Commit.Kind kind() {
        return commit.kind();
    }

    @Nullable MemberIdentity identity() {
        return commit.identity();
    }

    long deadlineNanos() {
        return commit.deadlineNanos();
    }

    /** The offsets that are not known to be stored. */
    Map<TopicPartition, OffsetAndMetadata> remaining() {
        return remaining;
    }

    /** The ids of the topics that the offsets are of, as far as they are known. */
    Map<String, Uuid> topicIds() {
        return Map.copyOf(topicIds);
    }

    /**
     * Takes out, and returns, the partitions of topics that were created anew since the commit was submitted.
     *
     * @param ids returns the id of the topic that has a name now
     */
    Set<TopicPartition> removeOutdated(Function<String, Uuid> ids) {
        Set<String> gone = new HashSet<>();
        topicIds.replaceAll((topic, known) -> {
            Uuid present = ids.apply(topic);
            if (present.equals(Uuid.ZERO_UUID) || present.equals(known)) {
                return known;
            }
            if (!known.equals(Uuid.ZERO_UUID)) {
                gone.add(topic);
            }
            return present;
        });
        Set<TopicPartition> outdated = new LinkedHashSet<>(remaining.keySet());
        outdated.removeIf(partition -> !gone.contains(partition.topic()));
        remove(outdated);
        return outdated;
    }

    /** Whether it has to be sent, for the first time or again. */
    boolean waits() {
        return !ended && !onWire;
    }

    boolean isOnWire() {
        return onWire;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Why it failed, or null if it did not; once it has ended. */
    @Nullable KafkaException outcome() {
        return outcome;
    }

    /** The earliest time to send it, in nanoseconds of the loop's clock. */
    long retryAtNanos() {
        return retryAtNanos;
    }

    void sent() {
        onWire = true;
    }

    void answered() {
        onWire = false;
    }

    /** It is not to be sent from now on: this is its outcome, unless the answer that it waits for is another one. */
    void sendNoMore(KafkaException failure) {
        failureIfUnsent = failure;
        endIfNotToBeSent();
    }

    /** Ends it if it would have to be sent, but is not to be. */
    void endIfNotToBeSent() {
        if (waits() && failureIfUnsent != null) {
            end(failureIfUnsent);
        }
    }

    /** Ends it; does nothing if it has ended. */
    void end(@Nullable KafkaException failure) {
        if (!ended) {
            ended = true;
            outcome = failure;
        }
    }

    /** Ends it once its deadline has passed. */
    void endLate() {
        KafkaException late = CommitErrors.tooLate(lastFailure);
        end(kind() == Commit.Kind.ASYNC ? CommitErrors.retriable(late) : late);
    }

    /** Takes out partitions that are stored, or need not be. */
    void remove(Collection<TopicPartition> partitions) {
        remaining.keySet().removeAll(partitions);
    }

    /**
     * Takes out partitions that a later commit may have stored: its request was not answered. Sending the older offset
     * now could replace the newer one.
     */
    void removeUnsure(Collection<TopicPartition> partitions) {
        unsure |= remaining.keySet().removeAll(partitions);
    }

    /** Ends it if nothing is left to store: well, unless it is not known what became of a part. */
    void endIfNothingRemains() {
        if (remaining.isEmpty()) {
            end(unsure ? CommitErrors.retriable(CommitErrors.tooLate(lastFailure)) : null);
        }
    }

    /** Sends it no more than it was: the application waits no longer. */
    void abandon() {
        sentOnce = true;
        if (lastFailure != null && waits()) {
            end(CommitErrors.retriable(lastFailure));
        }
    }

    /**
     * Handles a failure that may pass.
     *
     * @param delay gives the delay in nanoseconds for a number of failures in a row
     */
    void failed(KafkaException cause, long nowNanos, IntToLongFunction delay) {
        lastFailure = cause;
        if (sentOnce) {
            end(CommitErrors.retriable(cause));
        } else {
            retryAtNanos = nowNanos + delay.applyAsLong(++failures);
        }
    }

    /** Whether it may be sent again at once, as the member epoch was raised; once only. */
    boolean retryForEpoch() {
        boolean first = !epochRetried;
        epochRetried = true;
        return first;
    }

    /** Whether this failure of the look-up for the coordinator came after the commit was submitted. */
    boolean isConcernedBy(KafkaException lookupFailure) {
        return lookupFailure != oldLookupFailure;
    }
}
