package dev.surefoot.testkit.simulation.check;

import dev.surefoot.testkit.simulation.check.Ledger.Written;
import dev.surefoot.testkit.simulation.model.LogBatch.LogRecord;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the application of one member was told and given, call by call: its listener's calls, its polls, its seeks. Checks
 * what can be seen from there: G1, G2, G8, G19, G20, G22, G23 and G25.
 */
public final class MemberLedger {
    private final String name;
    private final GroupLedger group;
    private final Map<TopicPartition, Ownership> owned = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    /** Partitions whose ownership has ended in the poll under way. */
    private final Set<TopicPartition> endedInPoll = new HashSet<>();
    /** Partitions that were owned when the loop heard that the membership is over. */
    private final Map<TopicPartition, Ownership> forfeited = new HashMap<>();

    private boolean isInside;
    private boolean isInListener;
    private boolean isAlive = true;
    private int epoch = -1;
    private long callbacks;

    MemberLedger(String name, GroupLedger group) {
        this.name = name;
        this.group = group;
    }

    /** Whether its process goes on. */
    public boolean isAlive() {
        return isAlive;
    }

    /** The process is gone, and owns nothing. */
    public void gone() {
        isAlive = false;
        owned.clear();
    }

    int epoch() {
        return epoch;
    }

    @Nullable Ownership ownership(TopicPartition partition) {
        return owned.get(partition);
    }

    Collection<Ownership> ownerships() {
        return owned.values();
    }

    /** The partitions that the application was told to own, as a copy. */
    public Set<TopicPartition> owned() {
        return new HashSet<>(owned.keySet());
    }

    /** How often the listener was called. */
    public long callbacks() {
        return callbacks;
    }

    // Calls of the application.

    /** The application enters poll, unsubscribe or close. */
    public void entered() {
        isInside = true;
        endedInPoll.clear();
        forfeited.clear();
        for (Ownership ownership : owned.values()) {
            if (ownership.isForfeited) {
                forfeited.put(ownership.name, ownership);
            }
        }
    }

    /** The call has returned or thrown; what it has returned is consumed from now on. */
    public void left() {
        isInside = false;
        owned.values().forEach(ownership -> ownership.consumed = ownership.next);
    }

    /** Checks that the consumer says to own what its listener was told (G25). */
    public void requireAssignment(Set<TopicPartition> said) {
        if (!said.equals(owned.keySet())) {
            throw new Violation("G25", name + " says to own " + GroupWording.partitions(said) + ", and was told "
                    + GroupWording.partitions(owned.keySet()));
        }
    }

    public void paused(TopicPartition partition, boolean isPaused) {
        if (isPaused) {
            paused.add(partition);
        } else {
            paused.remove(partition);
        }
    }

    /** The application moves its position. */
    public void soughtTo(TopicPartition partition, long offset) {
        Ownership ownership = owned.get(partition);
        if (ownership != null) {
            long from = ownership.next == Ownership.UNKNOWN ? 0 : ownership.next;
            group.progress().excuse(ownership.log, from, offset);
            ownership.next = offset;
            ownership.consumed = offset;
            ownership.isSought = true;
        }
    }

    // Calls of its listener.

    private void called(String what) {
        callbacks++;
        if (!isInside) {
            throw new Violation("G22", name + " is told " + what + " outside of poll, unsubscribe and close");
        }
        if (isInListener) {
            throw new Violation("G22", name + " is told " + what + " while its listener has not returned");
        }
        isInListener = true;
    }

    /** The listener has returned or thrown. */
    public void returned() {
        isInListener = false;
    }

    /** Partitions are assigned, under this identity; the listener may use them from now on. */
    public void assigned(Collection<TopicPartition> partitions, ConsumerGroupMetadata identity) {
        called("that it owns " + GroupWording.partitions(partitions));
        epoch = identity.generationId();
        for (TopicPartition partition : partitions) {
            ModelPartition log = group.log(partition);
            if (owned.containsKey(partition)) {
                throw new Violation("G23", name + " is assigned " + partition + ", which it owns");
            }
            if (log == null) {
                throw new Violation("G3", name + " is assigned " + partition + ", which there is not");
            }
            Ownership begun =
                    new Ownership(partition, log, group.nowNanos(), identity.memberId(), identity.generationId());
            owned.put(partition, begun);
            paused.remove(partition);
            group.requireGranted(this, begun);
        }
    }

    /** Partitions are about to be given up, by the coordinator's plan or as membership is lost. */
    public void revoked(Collection<TopicPartition> partitions, boolean isLost) {
        called("that it " + (isLost ? "has lost " : "gives up ") + GroupWording.partitions(partitions));
        for (TopicPartition partition : partitions) {
            if (!owned.containsKey(partition)) {
                throw new Violation("G23", name + " gives up " + partition + ", which it does not own");
            }
        }
    }

    /** The listener has returned for partitions that are given up. */
    public void released(Collection<TopicPartition> partitions) {
        returned();
        partitions.forEach(partition -> {
            owned.remove(partition);
            paused.remove(partition);
            endedInPoll.add(partition);
        });
    }

    // What it is given.

    /** Checks a record that a poll has returned or shown. */
    public void given(TopicPartition partition, long offset, long writeId) {
        Ownership ownership = owned.get(partition);
        if (ownership == null) {
            throw new Violation(
                    endedInPoll.contains(partition) ? "G1" : "G2",
                    name + " gets offset " + offset + " of " + partition + ", which it does not own");
        }
        if (forfeited.get(partition) == ownership) {
            throw new Violation("G8", name + " gets offset " + offset + " of " + partition
                    + " in a poll that began after its membership had ended");
        }
        if (paused.contains(partition)) {
            throw new Violation("G2", name + " gets offset " + offset + " of " + partition + ", which is paused");
        }
        Written written = group.records().of(writeId);
        if (written == null || !written.name().equals(partition) || written.offset() != offset) {
            throw new Violation("D1", "at offset " + offset + " of " + partition + " comes " + written);
        }
        if (group.terms().readCommitted() && !written.transaction().isCommitted()) {
            throw new Violation("D2", "offset " + offset + " of " + partition + " was never committed");
        }
        if (written.partition() != ownership.log) {
            recreated(ownership, written.partition());
        }
        if (ownership.next == Ownership.UNKNOWN) {
            begins(ownership, offset);
        } else {
            goesOn(ownership, offset);
        }
        ownership.next = offset + 1;
        group.progress().given(ownership.log, offset);
    }

    private static void recreated(Ownership ownership, ModelPartition log) {
        if (log.topicId().compareTo(ownership.log.topicId()) < 0) {
            throw new Violation("D1", "a record of a deleted topic after those of the one created since: " + ownership);
        }
        ownership.log = log;
        ownership.next = Ownership.UNKNOWN;
        ownership.isOfAnotherTopic = true;
    }

    /** Checks that the first record is the one that the committed offset, or the reset policy, has meant (G19). */
    private void begins(Ownership ownership, long offset) {
        GroupProgress progress = group.progress();
        boolean isMeant = ownership.isOfAnotherTopic;
        for (long answer : ownership.answers) {
            isMeant |= answer >= 0
                    ? offset >= answer && progress.isEmptyBetween(ownership.log, answer, offset)
                    : isResetTo(ownership, offset);
        }
        if (!isMeant) {
            throw new Violation("G19", name + " begins with offset " + offset + ", and the coordinator has said "
                    + ownership.answers + ": " + ownership);
        }
        if (group.terms().resetsToEnd()) {
            progress.excuse(ownership.log, 0, offset);
        }
    }

    private boolean isResetTo(Ownership ownership, long offset) {
        return group.terms().resetsToEnd()
                ? offset >= ownership.endAtNoOffset
                : group.progress().isEmptyBetween(ownership.log, 0, offset);
    }

    private void goesOn(Ownership ownership, long offset) {
        if (offset < ownership.next) {
            throw new Violation("G21", name + " gets offset " + offset + " of " + ownership.name
                    + " again, next was " + ownership.next + ": " + ownership);
        }
        LogRecord first = group.progress().firstVisible(ownership.log, ownership.next);
        if (first != null && first.offset() < offset) {
            throw new Violation("G21", name + " gets offset " + offset + " of " + ownership.name + ", and offset "
                    + first.offset() + " was skipped: " + ownership);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
