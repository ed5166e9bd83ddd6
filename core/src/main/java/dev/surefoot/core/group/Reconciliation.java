package dev.surefoot.core.group;

import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.handover.GroupNotice.Loss;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * Leads what the application owns to what the coordinator wants: first it gives up partitions, then it gets others. At
 * most one notice is unanswered; each step goes from what is owned then to the newest target. Owned by the loop's
 * thread.
 */
final class Reconciliation {
    /** The coordinator has named nothing yet, unlike in a target without partitions. */
    private static final TargetAssignment NONE = new TargetAssignment(0, Map.of(), 0);

    private final TopicDirectory topics;
    private final PartitionOwnership ownership;
    private final Backoff backoff;
    private final Consumer<GroupEffect> effects;

    /** {@link #NONE} until the coordinator has named partitions to this membership. */
    private TargetAssignment target = NONE;

    private long targets;
    /** The number of the target for which the application was given a notice that it has not answered. */
    private long noticedNumber;
    /** The number of the target that the owned partitions answer; 0 for none. */
    private long reconciledNumber;
    /** Whether the listener is still to be called for the partitions that are assigned, even for none. */
    private boolean assignmentDue;

    private long revocationEndNanos = Deadline.NEVER;
    private int refreshes;
    private long refreshAtNanos = Deadline.NEVER;

    /** @param backoff the delays between requests for the names of topics */
    Reconciliation(
            TopicDirectory topics, PartitionOwnership ownership, Backoff backoff, Consumer<GroupEffect> effects) {
        this.topics = topics;
        this.ownership = ownership;
        this.backoff = backoff;
        this.effects = effects;
    }

    /** There is no target: the member joins, or is none any more. */
    void clear() {
        target = NONE;
        reconciledNumber = 0;
        assignmentDue = true;
        revocationEndNanos = Deadline.NEVER;
        refreshAtNanos = Deadline.NEVER;
        refreshes = 0;
    }

    /**
     * The coordinator has named the partitions to own.
     *
     * @param askedNanos when the heartbeat was sent that is answered so
     */
    void retarget(Map<Uuid, Set<Integer>> partitions, long askedNanos) {
        if (target.number() == NONE.number() || !target.partitions().equals(partitions)) {
            target = new TargetAssignment(++targets, Map.copyOf(partitions), askedNanos);
            refreshes = 0;
            refreshAtNanos = 0;
        }
    }

    /** Whether the application owns all of the target and has been told so. */
    boolean isComplete() {
        return target.number() == reconciledNumber
                && ownership.isAnswered()
                && !assignmentDue
                && target.unresolved(topics).isEmpty()
                && target.resolved(topics).equals(ownership.owned());
    }

    /** The number of the target that the owned partitions answer; 0 for none. */
    long reconciledNumber() {
        return reconciledNumber;
    }

    /** When the coordinator will have waited too long for the revocation under way, or {@link Deadline#NEVER}. */
    long revocationEndNanos() {
        return revocationEndNanos;
    }

    /**
     * Gives the application the next notice, if there is one to give.
     *
     * @param revocationNanos how long a revocation may take after the heartbeat was sent whose answer brought it
     * @return whether the target is reconciled without a notice
     */
    boolean step(MemberIdentity identity, long revocationNanos) {
        if (!ownership.isAnswered()) {
            return false;
        }
        NavigableSet<TopicIdPartition> wanted = target.resolved(topics);
        NavigableSet<TopicIdPartition> gone = PartitionOwnership.difference(ownership.owned(), wanted);
        noticedNumber = target.number();
        if (!gone.isEmpty()) {
            revocationEndNanos = Deadline.after(target.askedNanos(), revocationNanos);
            assignmentDue = true;
            ownership.revoke(gone, Loss.REVOKED);
            return false;
        }
        if (assignmentDue || !wanted.equals(ownership.owned())) {
            ownership.assign(wanted, identity);
            assignmentDue = false;
            return false;
        }
        boolean news = reconciledNumber != target.number();
        reconciledNumber = target.number();
        return news;
    }

    /** The application has answered the notice of a revocation: the coordinator can be told. */
    void released() {
        reconciledNumber = noticedNumber;
        revocationEndNanos = Deadline.NEVER;
    }

    /** The application has answered the notice of an assignment. */
    void taken() {
        reconciledNumber = noticedNumber;
    }

    /** Asks for the names of topics at the pace of the back-off. */
    void refresh(long nowNanos) {
        if (refreshAtNanos == Deadline.NEVER) {
            return;
        }
        if (unresolved().isEmpty()) {
            refreshAtNanos = Deadline.NEVER;
            refreshes = 0;
        } else if (Deadline.passed(refreshAtNanos, nowNanos)) {
            effects.accept(new GroupEffect.RefreshMetadata());
            refreshAtNanos = Deadline.after(nowNanos, backoff.delayNanos(++refreshes));
        }
    }

    long refreshAtNanos() {
        return refreshAtNanos;
    }

    /** The ids of topics of the target whose names are not known. */
    Set<Uuid> unresolved() {
        return target.unresolved(topics);
    }

    /** The names of the topics of the target, as far as they are known. */
    Set<String> topics() {
        return target.names(topics);
    }
}
