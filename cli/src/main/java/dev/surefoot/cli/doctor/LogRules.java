package dev.surefoot.cli.doctor;

import dev.surefoot.cli.doctor.GroupView.Phase;
import dev.surefoot.cli.doctor.OpenTransaction.Hanging;
import dev.surefoot.cli.doctor.PartitionView.Replicas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules about the log of a partition: its leader, its ends, its transactions, and what was committed of it. */
final class LogRules {

    private static final long LEADER_PATIENCE_MS = 20_000;

    /** Two looks that agree rule out that offsets and ends were asked at different times. */
    private static final long AGREED_MS = 2_000;

    private static final long COMMITS_MS = 60_000;

    private LogRules() {}

    /** What this user may not see, or what is gone. */
    static Optional<Finding> sight(PartitionCase partition) {
        return switch (partition.now().sight()) {
            case FORBIDDEN -> Optional.of(Finding.waiting(Cause.NOT_AUTHORIZED, "its ends were not told"));
            case GONE -> Optional.of(Finding.waiting(Cause.TOPIC_DELETED, "the cluster does not know it"));
            case SEEN, UNANSWERED -> Optional.empty();
        };
    }

    /** A partition without a leader, or with one that does not answer. */
    static Optional<Finding> leader(PartitionCase partition) {
        Replicas replicas = partition.now().replicas();
        if (replicas.leader().isEmpty()) {
            boolean couldLead = replicas.inSync().stream().anyMatch(replicas.online()::contains);
            String evidence =
                    "replicas " + replicas.all() + ", in sync " + replicas.inSync() + ", running " + replicas.online();
            return Optional.of(
                    couldLead
                            ? Finding.stalled(Cause.LISTENER_MISSING, evidence).suspected()
                            : Finding.stalled(Cause.NO_LEADER, evidence));
        }
        if (partition.now().sight() != PartitionView.Sight.UNANSWERED) {
            return Optional.empty();
        }
        long lasting = partition.lastingMs(view -> view.sight() == PartitionView.Sight.UNANSWERED);
        Finding found = lasting >= LEADER_PATIENCE_MS && !partition.hasMoved()
                ? Finding.stalled(Cause.LEADER_UNREACHABLE)
                : Finding.waiting(Cause.LEADER_UNREACHABLE).undecidedBefore(LEADER_PATIENCE_MS);
        return Optional.of(found.suspected()
                .and(List.of("broker " + replicas.leader().getAsInt() + " leads it and has not told its ends for "
                        + Spoken.duration(lasting))));
    }

    /** Only a topic is looked at: nothing can be said about readers. */
    static Optional<Finding> withoutGroup(PartitionCase partition) {
        if (partition.group().phase() != Phase.ABSENT) {
            return Optional.empty();
        }
        return Optional.of(
                partition.isPinned() ? transaction(partition) : Finding.fine(Cause.NOT_READ, "no group reads it"));
    }

    /** Nothing was ever committed, or what was committed is not told. */
    static Optional<Finding> noCommit(PartitionCase partition) {
        if (partition.now().commit().pending() && !partition.hasMoved()) {
            return Optional.of(pendingCommit(partition));
        }
        if (partition.committed().isPresent()) {
            return Optional.empty();
        }
        if (!partition.now().commit().known()) {
            return Optional.of(Finding.waiting(Cause.UNDECIDED, "the coordinator has not told what was committed"));
        }
        long start = partition.now().ends().start().orElse(0);
        long end = partition.now().ends().highWatermark().orElse(0);
        if (start == end) {
            return Optional.of(Finding.fine(Cause.CAUGHT_UP, "the log is empty, nothing was committed"));
        }
        long looked = partition.standingMs();
        String evidence =
                "nothing was ever committed; the log has offsets " + Spoken.number(start) + " to " + Spoken.number(end);
        boolean written = partition.writtenPerSecond() > 0;
        if (!written) {
            return Optional.of(
                    Finding.waiting(Cause.NEVER_COMMITTED, evidence, "nothing was written while it was looked at")
                            .suspected());
        }
        List<String> more = List.of("in " + Spoken.duration(looked) + " of looking records were written ("
                + Spoken.rate(partition.writtenPerSecond()) + ") and nothing was committed");
        return Optional.of(
                looked >= COMMITS_MS
                        ? Finding.stalled(Cause.NEVER_COMMITTED, evidence)
                                .suspected()
                                .and(more)
                        : Finding.waiting(Cause.NEVER_COMMITTED, evidence)
                                .suspected()
                                .and(more)
                                .undecidedBefore(COMMITS_MS));
    }

    private static Finding pendingCommit(PartitionCase partition) {
        long lasting = partition.lastingMs(view -> view.commit().pending());
        String evidence = "a commit of this partition has been part of an open transaction for "
                + Spoken.duration(lasting) + " or longer";
        OpenTransaction transaction = partition
                .background()
                .offsetsTransactions()
                .get(partition.group().id());
        boolean bad = transaction == null
                ? lasting >= COMMITS_MS
                : transaction.hanging() == Hanging.YES
                        || transaction.isLate(partition.examination().nowMs());
        Finding found = bad
                ? Finding.stalled(Cause.COMMITTED_OFFSET_UNSTABLE, evidence)
                : Finding.waiting(Cause.COMMITTED_OFFSET_UNSTABLE, evidence);
        return transaction == null
                ? found
                : found.and(
                        TransactionWords.of(transaction, partition.examination().nowMs()));
    }

    /** What was committed is not in the log. */
    static Optional<Finding> outOfRange(PartitionCase partition) {
        if (partition.hasMoved() || !partition.now().ends().areKnown()) {
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
        return partition.standingMs() >= AGREED_MS
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
        if (!partition.isPinned() || partition.hasMoved() || isolation == Isolation.READ_UNCOMMITTED) {
            return Optional.empty();
        }
        NextRecord next = partition.background().nextRecords().get(partition.partition());
        long committed = partition.committed().orElseThrow();
        long stable = partition.now().ends().stable().getAsLong();
        if (committed > stable && isolation == Isolation.UNKNOWN) {
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
            evidence.add("who holds it is not told: READ on the topic is needed");
            return Finding.waiting(Cause.TRANSACTION_OPEN).and(evidence);
        }
        long nowMs = partition.examination().nowMs();
        evidence.addAll(TransactionWords.of(transaction, nowMs));
        if (transaction.hanging() == Hanging.YES) {
            evidence.add(transaction.abortCommand(
                    partition.partition().topic(), partition.partition().partition()));
            return Finding.stalled(Cause.TRANSACTION_HANGING).and(evidence);
        }
        return transaction.isLate(nowMs)
                ? Finding.stalled(Cause.TRANSACTION_OPEN).and(evidence)
                : Finding.waiting(Cause.TRANSACTION_OPEN).and(evidence);
    }
}
