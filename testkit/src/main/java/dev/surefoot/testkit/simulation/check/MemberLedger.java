package dev.surefoot.testkit.simulation.check;

import dev.surefoot.testkit.simulation.check.Ledger.Written;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What the application of one member was told and given, call by call: its listener's calls, its polls, its seeks.
 * Checks what can be seen from there: G1, G2, G6, G8, G19, G20, G22, G23, G25 and G40.
 */
public final class MemberLedger {
    private static final long NEVER = Long.MAX_VALUE;
    private final String name;
    private final GroupLedger group;
    private final Continuity continuity;
    private final Map<TopicPartition, Ownership> owned = new HashMap<>();
    /** The last ownership of each partition that has ended. */
    private final Map<TopicPartition, Ownership> ended = new HashMap<>();

    private final Set<TopicPartition> paused = new HashSet<>();
    /** Assigned partitions for which the listener has thrown. */
    private final Set<TopicPartition> untold = new HashSet<>();
    /** Partitions whose ownership has ended in the poll under way. */
    private final Set<TopicPartition> endedInPoll = new HashSet<>();
    /** Partitions that were owned when the loop heard that the membership is over. */
    private final Map<TopicPartition, Ownership> forfeited = new HashMap<>();

    private final boolean isStatic;
    private boolean isInside;
    private boolean isInListener;
    private boolean isAlive = true;
    private boolean mayLeave;
    private boolean isLeaving;
    /** Since when the application has been out of the consumer, or {@code NEVER}. */
    private long outSinceNanos = NEVER;

    private boolean hasBeenAway;
    /** When the listener returned last; only then the loop tells the next thing. */
    private long returnedNanos = NEVER;

    private @Nullable String lossCause;
    private int epoch = -1;
    private long callbacks;
    private long leavings;
    final KeptPartitions kept;
    final RevocationTime revocation = new RevocationTime();

    MemberLedger(String name, boolean isStatic, GroupLedger group) {
        this.name = name;
        this.isStatic = isStatic;
        this.mayLeave = !isStatic;
        this.group = group;
        this.continuity = new Continuity(name, group);
        this.kept = new KeptPartitions(this, group);
    }

    /** Whether its process goes on. */
    public boolean isAlive() {
        return isAlive;
    }

    /** The process is gone, and owns nothing. */
    public void gone() {
        isAlive = false;
        ends(OwnershipEnd.GONE, owned.keySet(), isLeaving ? "closed" : "crashed");
        ended.putAll(owned);
        owned.clear();
        untold.clear();
        told();
    }

    boolean isStatic() {
        return isStatic;
    }

    int epoch() {
        return epoch;
    }

    @Nullable Ownership ownership(TopicPartition partition) {
        return owned.get(partition);
    }

    /** The ownership under way, or the last one that has ended; or null. */
    @Nullable Ownership newest(TopicPartition partition) {
        Ownership present = owned.get(partition);
        return present == null ? ended.get(partition) : present;
    }

    /** The coordinator is being told what is owned now. */
    void told() {
        ended.values().forEach(ownership -> ownership.isEndTold = true);
    }

    /** The coordinator is being told that these are owned, by topic id. */
    void told(Map<Uuid, Set<Integer>> claimed) {
        owned.values().forEach(ownership -> ownership.claim(claimed, group::nameEver));
        ended.values().forEach(ownership -> ownership.isEndTold |= !ownership.isIn(claimed));
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
        kept.entered();
        hasBeenAway |= awayNanos(group.nowNanos()) >= group.terms().maxPollNanos();
        outSinceNanos = NEVER;
        endedInPoll.clear();
        forfeited.clear();
        if (group.nowNanos() == returnedNanos) {
            return; // the loop cannot have told anything since
        }
        for (Ownership ownership : owned.values()) {
            if (ownership.isForfeited) {
                forfeited.put(ownership.name, ownership);
            }
        }
    }

    /** The call has returned or thrown; what it has returned is consumed from now on. */
    public void left() {
        isInside = false;
        outSinceNanos = group.nowNanos();
        owned.values().forEach(ownership -> ownership.consumed = ownership.next);
        kept.left(owned.values());
    }

    private long awayNanos(long nowNanos) {
        return outSinceNanos == NEVER ? 0 : nowNanos - outSinceNanos;
    }

    /** Checks that an application that has not polled for too long is no member any more (G36). */
    void requirePolling(long nowNanos) {
        if (!isLeaving && awayNanos(nowNanos) > group.terms().maxPollNanos()) {
            throw new Violation(
                    "G36",
                    name + " says that it is alive, and has not polled since " + outSinceNanos / 1_000_000 + " ms");
        }
    }

    /** The application gives up its membership, or another one begins. */
    public void leaves(boolean isForGood) {
        isLeaving = true;
        leavings++;
        mayLeave |= isForGood;
    }

    /** The application subscribes to these topics. */
    public void subscribes(Set<String> topics) {
        isLeaving = false;
        owned.values().stream()
                .filter(ownership -> !topics.contains(ownership.name.topic()))
                .forEach(kept::heldUp);
    }

    boolean isLeaving() {
        return isLeaving;
    }

    boolean mayLeave() {
        return mayLeave;
    }

    /** How often the application has given up its membership. */
    long leavings() {
        return leavings;
    }

    /** The loop is about to learn that the membership is over. */
    void forfeits(String cause) {
        lossCause = cause;
        owned.values().forEach(ownership -> ownership.isForfeited = true);
    }

    /** Checks that the consumer says to own what its listener was told (G25). */
    public void requireAssignment(Set<TopicPartition> said) {
        if (!said.equals(owned.keySet())) {
            throw new Violation(
                    "G25",
                    name + " says to own " + GroupWording.partitions(said) + ", and was told "
                            + GroupWording.partitions(owned.keySet()));
        }
    }

    public void paused(TopicPartition partition, boolean isPaused) {
        kept.heldUp(owned.get(partition));
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
            ModelPartition present = group.log(partition);
            if (present != null && present != ownership.log) {
                group.progress()
                        .excuse(present, 0, offset); // the topic was created again, which the client cannot know
            }
            ownership.seek(offset);
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
        kept.called();
        outSinceNanos = group.nowNanos();
    }

    /** The listener has returned or thrown. */
    public void returned() {
        isInListener = false;
        kept.returned();
        returnedNanos = group.nowNanos();
        hasBeenAway |= awayNanos(group.nowNanos()) >= group.terms().maxPollNanos();
        outSinceNanos = NEVER;
    }

    /** Partitions are assigned, under this identity; the listener may use them from now on. */
    public void assigned(Collection<TopicPartition> partitions, ConsumerGroupMetadata identity) {
        called("that it owns " + GroupWording.partitions(partitions));
        epoch = identity.generationId();
        owned.values().forEach(kept::stays);
        for (TopicPartition partition : partitions) {
            ModelPartition log = group.log(partition);
            if (owned.containsKey(partition) && untold.remove(partition)) {
                continue;
            }
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

    /** The listener has thrown when it was told of these; it is told once more before it gets records of them. */
    public void hasThrown(Collection<TopicPartition> partitions) {
        untold.addAll(partitions);
        partitions.forEach(partition -> kept.heldUp(owned.get(partition)));
    }

    /** Partitions are about to be given up, by the coordinator's plan or as membership is lost. */
    public void revoked(Collection<TopicPartition> partitions, boolean isLost) {
        called("that it " + (isLost ? "has lost " : "gives up ") + GroupWording.partitions(partitions));
        for (TopicPartition partition : partitions) {
            if (!owned.containsKey(partition)) {
                throw new Violation("G23", name + " gives up " + partition + ", which it does not own");
            }
        }
        ends(isLost ? OwnershipEnd.LOST : OwnershipEnd.REVOKED, partitions, whyEnded());
        if (isLost) {
            requireLost(partitions);
        } else if (partitions.stream().anyMatch(this::isForfeited)) {
            requireTakenBefore(partitions);
        }
    }

    private boolean isForfeited(TopicPartition partition) {
        Ownership lost = forfeited.get(partition);
        return lost != null && owned.get(partition) == lost;
    }

    private void ends(OwnershipEnd end, Collection<TopicPartition> partitions, String why) {
        if (!partitions.isEmpty()) {
            group.states().reached("ownership", end, why);
        }
    }

    private String whyEnded() {
        String cause = lossCause == null ? "by plan" : lossCause;
        return isLeaving ? "leaving" : hasBeenAway ? "away" : cause;
    }

    /**
     * Checks that a revocation of what was lost meanwhile may have been taken in an earlier poll (G24). The loop tells
     * the loss when that revocation is answered; until then the poll goes on with what is not given up. A revocation
     * waits for a commit, or for a call that leaves.
     */
    private void requireTakenBefore(Collection<TopicPartition> partitions) {
        if (!isLeaving && !group.terms().autoCommit()) {
            throw new Violation(
                    "G24",
                    name + " is told to give up " + GroupWording.partitions(partitions)
                            + " in a poll that began after its membership had ended: " + lossCause);
        }
        forfeited.clear();
    }

    /** Checks that there is a reason to take partitions for lost (G13, G24). */
    private void requireLost(Collection<TopicPartition> partitions) {
        boolean isTooLate = revocation.isOver(group.nowNanos(), group.terms().maxPollNanos());
        boolean hasReason = lossCause != null || hasBeenAway || isLeaving || isTooLate;
        Ownership any =
                partitions.isEmpty() ? null : owned.get(partitions.iterator().next());
        if (!hasReason && any != null && group.isHolding(any.memberId, epoch, Set.copyOf(partitions))) {
            throw new Violation(
                    "G24",
                    name + " takes " + GroupWording.partitions(partitions)
                            + " for lost, and the coordinator holds them for it");
        }
        lossCause = null;
        hasBeenAway = false;
    }

    /** The listener has returned for partitions that are given up. */
    public void released(Collection<TopicPartition> partitions) {
        returned();
        partitions.forEach(partition -> {
            Ownership before = owned.remove(partition);
            if (before != null) {
                before.consumed = before.next;
                ended.put(partition, before);
            }
            paused.remove(partition);
            untold.remove(partition);
            endedInPoll.add(partition);
        });
        owned.values().forEach(kept::stays);
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
            throw new Violation(
                    "G8",
                    name + " gets offset " + offset + " of " + partition
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
        continuity.requireNext(ownership, written.partition(), offset);
        kept.stays(ownership);
        group.progress().given(ownership.log, offset);
    }

    @Override
    public String toString() {
        return name;
    }
}
