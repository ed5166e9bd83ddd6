package dev.surefoot.cli.doctor;

import dev.surefoot.cli.doctor.GroupView.Phase;
import dev.surefoot.cli.doctor.OpenTransaction.Hanging;
import dev.surefoot.cli.doctor.PartitionView.Replicas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The rules about the log of a partition: its leader, its ends, its transactions, and what was committed of it. */
final class LogRules {

    private static final long LEADER_PATIENCE_MS = 20_000;

    /** Two looks that agree rule out that offsets and ends were asked at different times. */
    private static final long AGREED_MS = 2_000;

    private LogRules() {}

    /** What this user may not see, or what is gone. */
    static Optional<Finding> sight(PartitionCase partition) {
        return switch (partition.now().sight()) {
            case FORBIDDEN -> Optional.of(Finding.waiting(Cause.NOT_AUTHORIZED, "its ends were not told"));
            case GONE -> Optional.of(Finding.waiting(Cause.TOPIC_DELETED, "the cluster does not know it"));
            case UNDESCRIBED -> Optional.of(Finding.waiting(Cause.NOT_SEEN, "its topic was not described"));
            case SEEN, UNANSWERED -> Optional.empty();
        };
    }

    /** A partition without a leader, or with one that does not answer, for longer than an election takes. */
    static Optional<Finding> leader(PartitionCase partition) {
        Replicas replicas = partition.now().replicas();
        if (replicas.leader().isEmpty()) {
            boolean couldLead = replicas.inSync().stream().anyMatch(replicas.online()::contains);
            String evidence =
                    "replicas " + replicas.all() + ", in sync " + replicas.inSync() + ", running " + replicas.online();
            Finding found = lasting(
                    partition,
                    couldLead ? Cause.LISTENER_MISSING : Cause.NO_LEADER,
                    evidence + ", for ",
                    view -> view.sight() == PartitionView.Sight.SEEN
                            && view.replicas().leader().isEmpty());
            return Optional.of(couldLead ? found.suspected() : found);
        }
        if (partition.now().sight() != PartitionView.Sight.UNANSWERED) {
            return Optional.empty();
        }
        return Optional.of(lasting(
                        partition,
                        Cause.LEADER_UNREACHABLE,
                        "broker " + replicas.leader().getAsInt() + " leads it and has not told its ends for ",
                        view -> view.sight() == PartitionView.Sight.UNANSWERED)
                .suspected());
    }

    private static Finding lasting(
            PartitionCase partition, Cause cause, String evidence, Predicate<PartitionView> what) {
        long lastingMs = partition.lastingMs(what);
        boolean movedSince =
                partition.lastMoveMs() > partition.examination().last().atMs() - lastingMs;
        // What was fetched before may still be committed.
        Finding found = movedSince
                ? Finding.waiting(cause)
                : partition.examination().lasting(cause, lastingMs, LEADER_PATIENCE_MS);
        return found.and(List.of(evidence + Spoken.duration(lastingMs)));
    }

    /** Only a topic is looked at: nothing can be said about readers. */
    static Optional<Finding> withoutGroup(PartitionCase partition) {
        if (partition.group().phase() != Phase.ABSENT) {
            return Optional.empty();
        }
        return Optional.of(
                partition.isPinned()
                        ? transaction(partition)
                        : Finding.fine(Cause.NOT_READ, "no group that could be seen reads it"));
    }

    /** Nothing was ever committed, or what was committed is not told. */
    static Optional<Finding> noCommit(PartitionCase partition) {
        if (partition.now().commit().pending() && !partition.isMoving()) {
            return Optional.of(pendingCommit(partition));
        }
        if (partition.committed().isPresent()) {
            return Optional.empty();
        }
        if (!partition.now().commit().known()) {
            return Optional.of(Finding.waiting(Cause.NOT_SEEN, "the coordinator has not told what was committed"));
        }
        long start = partition.now().ends().start().orElse(0);
        long end = partition.now().ends().highWatermark().orElse(0);
        if (start == end) {
            return Optional.of(Finding.fine(Cause.CAUGHT_UP, "the log is empty, nothing was committed"));
        }
        long standing = partition.standingMs();
        String evidence =
                "nothing was ever committed; the log has offsets " + Spoken.number(start) + " to " + Spoken.number(end);
        boolean written = partition.writtenPerSecond() > 0;
        if (!written) {
            return Optional.of(
                    Finding.waiting(Cause.NEVER_COMMITTED, evidence, "nothing was written while it was looked at")
                            .suspected());
        }
        Finding found = partition
                .examination()
                .lasting(Cause.NEVER_COMMITTED, standing, PartitionCase.STANDS_MS)
                .and(List.of(evidence));
        return Optional.of(found.suspected()
                .and(List.of("in " + Spoken.duration(standing) + " of looking records were written ("
                        + Spoken.rate(partition.writtenPerSecond()) + ") and nothing was committed")));
    }

    /** A client that asks for all its committed offsets together gets none while one of them is not settled. */
    static Optional<Finding> heldUpByAnother(PartitionCase partition, Company company) {
        Company.Tally member = company.ofSameMember(partition);
        PartitionCase pending = member.pending();
        if (pending == null || member.moving() > 0 || !partition.isBehind()) {
            return Optional.empty();
        }
        return Optional.of(pendingCommit(pending)
                .and(List.of("that is " + pending.partition() + ", of the same member, none of whose partitions has"
                        + " advanced: it may have started since, and wait for that offset first")));
    }

    private static Finding pendingCommit(PartitionCase partition) {
        long lasting = partition.lastingMs(view -> view.commit().pending());
        String evidence = "a commit of this partition has been part of an open transaction for "
                + Spoken.duration(lasting) + " or longer";
        OpenTransaction transaction = partition
                .background()
                .offsetsTransactions()
                .get(partition.group().id());
        boolean mayEndByItself = transaction != null && transaction.hanging() != Hanging.YES && !transaction.isLate();
        Finding found = mayEndByItself
                ? Finding.waiting(Cause.COMMITTED_OFFSET_UNSTABLE)
                : partition.examination().lasting(Cause.COMMITTED_OFFSET_UNSTABLE, lasting, PartitionCase.STANDS_MS);
        if (transaction == null) {
            return found.suspected().and(List.of(evidence));
        }
        List<String> words = new ArrayList<>(List.of(
                evidence,
                "the oldest transaction in the group's partition of __consumer_offsets, which other groups share:"));
        words.addAll(TransactionWords.of(transaction, partition.examination().nowMs()));
        return found.suspected().and(words);
    }

    /** What was committed is not in the log. */
    static Optional<Finding> outOfRange(PartitionCase partition) {
        if (partition.isMoving() || !partition.now().ends().areKnown()) {
            return Optional.empty();
        }
        long committed = partition.committed().orElseThrow();
        long start = partition.now().ends().start().getAsLong();
        long end = partition.now().ends().highWatermark().getAsLong();
        if (committed < start) {
            String evidence = "offsets " + Spoken.number(committed) + " to " + Spoken.number(start - 1)
                    + " are deleted, the log starts at " + Spoken.number(start);
            return Optional.of(
                    start == end
                            ? Finding.waiting(Cause.OFFSET_OUT_OF_RANGE, evidence, "there is nothing to read now")
                            : agreed(partition, Finding.stalled(Cause.OFFSET_OUT_OF_RANGE, evidence)));
        }
        if (committed > end) {
            return Optional.of(agreed(
                    partition,
                    Finding.stalled(
                            Cause.LOG_TRUNCATED,
                            "committed is " + Spoken.number(committed) + ", the log ends at " + Spoken.number(end))));
        }
        return Optional.empty();
    }

    private static Finding agreed(PartitionCase partition, Finding found) {
        return partition.unchangedMs() >= AGREED_MS
                ? found
                : Finding.waiting(found.cause()).and(found.evidence()).undecidedBefore(AGREED_MS);
    }

    /** All is read. */
    static Optional<Finding> caughtUp(PartitionCase partition) {
        if (!partition.now().ends().areKnown()
                || partition.committed().orElseThrow()
                        != partition.now().ends().highWatermark().getAsLong()) {
            return Optional.empty();
        }
        return Optional.of(Finding.fine(Cause.CAUGHT_UP));
    }

    /** All that is committed is read, and an open transaction holds the rest back. */
    static Optional<Finding> heldBack(PartitionCase partition) {
        Isolation isolation = partition.examination().question().isolation();
        if (!partition.isPinned() || partition.isMoving() || isolation == Isolation.READ_UNCOMMITTED) {
            return Optional.empty();
        }
        NextRecord next = partition.background().nextRecords().get(partition.partition());
        long committed = partition.committed().orElseThrow();
        long stable = partition.now().ends().stable().getAsLong();
        if (partition.isBeyondStable() && isolation == Isolation.UNKNOWN) {
            return Optional.empty(); // who has read beyond it does not wait for it
        }
        boolean atStable = committed == stable;
        if (!atStable && (next == null || next.exists())) {
            return Optional.empty();
        }
        Finding found = transaction(partition);
        return Optional.of(isolation == Isolation.UNKNOWN ? found.suspected() : found);
    }

    private static Finding transaction(PartitionCase partition) {
        long pinned = partition.now().ends().highWatermark().getAsLong()
                - partition.now().ends().stable().getAsLong();
        List<String> evidence = new ArrayList<>();
        evidence.add("the last stable offset is "
                + Spoken.number(partition.now().ends().stable().getAsLong()) + ", " + Spoken.number(pinned)
                + " offsets below the end");
        OpenTransaction transaction = partition.background().transactions().get(partition.partition());
        if (transaction == null) {
            evidence.add("who holds it was not told; it needs READ on the topic");
            return Finding.waiting(Cause.TRANSACTION_OPEN).and(evidence);
        }
        long nowMs = partition.examination().nowMs();
        evidence.addAll(TransactionWords.of(transaction, nowMs));
        if (transaction.hanging() == Hanging.YES) {
            evidence.add(transaction.abortCommand(
                    partition.partition().topic(), partition.partition().partition()));
            return Finding.stalled(Cause.TRANSACTION_HANGING).and(evidence);
        }
        return transaction.isLate()
                ? Finding.stalled(Cause.TRANSACTION_OPEN).and(evidence)
                : Finding.waiting(Cause.TRANSACTION_OPEN).and(evidence);
    }
}
