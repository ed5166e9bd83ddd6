package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import org.apache.kafka.common.TopicPartition;

/** The offsets that one member commits and asks for. Checks G9, G10 and G17, and notes what G19 needs. */
final class MemberOffsets {
    private final MemberLedger member;
    private final GroupLedger group;

    MemberOffsets(MemberLedger member, GroupLedger group) {
        this.member = member;
        this.group = group;
    }

    void commits(OffsetCommitRequest commit) {
        commit.offsets().forEach((partition, offset) -> commits(commit.identity(), partition, offset.offset()));
    }

    private void commits(MemberIdentity as, TopicPartition partition, long offset) {
        ModelPartition log = group.log(partition);
        if (offset < 0) {
            throw new Violation("G17", member + " commits " + offset + " of " + partition);
        }
        if (log == null) {
            return;
        }
        if (as.memberId().isEmpty()) {
            // Not as a member: what it has read is not in the ledger.
            group.progress().excuse(log, 0, offset);
            return;
        }
        Ownership newest = member.newest(partition);
        Ownership ownership = newest == null || newest.isEndTold ? null : newest;
        boolean isOlder = ownership != null && as.epoch() < ownership.epoch && !group.booksAreLost();
        if (ownership == null || !ownership.memberId.equals(as.memberId()) || isOlder) {
            throw new Violation(
                    "G9",
                    member + " commits " + offset + " of " + partition + " as '" + as.memberId() + "' at " + as.epoch()
                            + ", and owns " + (ownership == null ? "it not" : ownership.toString()));
        }
        if (ownership.log != log) {
            // Requests name topics by name, so the offset of the deleted topic is stored for the one created since.
            group.progress().disturb(log, offset);
        } else if (ownership.consumed == Ownership.UNKNOWN || ownership.consumedBefore.contains(Ownership.UNKNOWN)) {
            commitsStart(ownership, offset);
        } else if (!isConsumed(ownership, offset)) {
            throw new Violation(
                    "G10",
                    member + " commits " + offset + " of " + partition
                            + ", and the last poll that has ended has left it at " + ownership.consumed);
        }
    }

    private boolean isConsumed(Ownership ownership, long offset) {
        GroupProgress progress = group.progress();
        return progress.isEmptyBetween(ownership.log, ownership.consumed, offset)
                || ownership.consumedBefore.stream()
                        .anyMatch(before -> progress.isEmptyBetween(ownership.log, before, offset));
    }

    private void commitsStart(Ownership ownership, long offset) {
        GroupProgress progress = group.progress();
        boolean isMeant = ownership.isOfAnotherTopic
                || progress.isDisturbed(ownership.log)
                || group.isJustRecreated(ownership)
                || (ownership.isSought && isConsumed(ownership, offset));
        for (long answer : ownership.answers) {
            if (answer >= 0) {
                isMeant |= progress.isEmptyBetween(ownership.log, answer, offset);
            } else if (group.terms().resetsToEnd()) {
                isMeant |= offset >= ownership.endAtNoOffset;
                progress.excuse(ownership.log, 0, offset);
            } else {
                isMeant |= progress.isEmptyBetween(ownership.log, 0, offset);
            }
        }
        if (!isMeant) {
            throw new Violation(
                    "G17",
                    member + " commits " + offset + " of " + ownership.name
                            + ", of which it was given nothing; the coordinator has said " + ownership.answers);
        }
    }

    void found(OffsetFetchResponse answer, long sentNanos) {
        if (answer.error() != BrokerError.NONE) {
            return;
        }
        answer.partitions().forEach((partition, found) -> {
            Ownership ownership = member.ownership(partition);
            if (ownership != null && ownership.beganNanos <= sentNanos && found.error() == BrokerError.NONE) {
                ownership.answers.add(found.offset());
                if (found.offset() < 0 && ownership.endAtNoOffset == Ownership.UNKNOWN) {
                    ownership.endAtNoOffset = group.progress().end(ownership.log);
                }
            }
        });
    }
}
