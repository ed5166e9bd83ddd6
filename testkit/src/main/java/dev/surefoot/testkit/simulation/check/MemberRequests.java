package dev.surefoot.testkit.simulation.check;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.OffsetCommit.OffsetCommitRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchRequest;
import dev.surefoot.core.group.OffsetFetch.OffsetFetchResponse;
import dev.surefoot.core.handover.MemberIdentity;
import dev.surefoot.testkit.simulation.model.ModelPartition;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What one member sends for its group and hears. */
public final class MemberRequests implements WireWatch {
    private final MemberLedger member;
    private final GroupLedger group;
    /** When each request without an outcome was sent. */
    private final Map<Request<?>, Long> sentNanos = new IdentityHashMap<>();

    public MemberRequests(MemberLedger member, GroupLedger group) {
        this.member = member;
        this.group = group;
    }

    @Override
    public void sent(Request<?> request) {
        sentNanos.put(request, group.nowNanos());
        if (request instanceof OffsetCommitRequest commit) {
            commit.offsets().forEach((partition, offset) -> commits(commit, partition, offset.offset()));
        }
    }

    private void commits(OffsetCommitRequest commit, TopicPartition partition, long offset) {
        MemberIdentity as = commit.identity();
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
        Ownership ownership = member.ownership(partition);
        if (ownership == null || !ownership.memberId.equals(as.memberId()) || as.epoch() < ownership.epoch) {
            throw new Violation("G9", member + " commits " + offset + " of " + partition + " as '" + as.memberId()
                    + "' at " + as.epoch() + ", and owns " + (ownership == null ? "it not" : ownership.toString()));
        }
        if (ownership.log != log) {
            // Requests name topics by name, so the offset of the deleted topic is stored for the one created since.
            group.progress().excuse(log, 0, offset);
            return;
        }
        if (ownership.consumed == Ownership.UNKNOWN) {
            commitsStart(ownership, offset);
        } else if (!group.progress().isEmptyBetween(log, ownership.consumed, offset)) {
            throw new Violation("G10", member + " commits " + offset + " of " + partition
                    + ", and the last poll that has ended has left it at " + ownership.consumed);
        }
    }

    private void commitsStart(Ownership ownership, long offset) {
        boolean isMeant = ownership.isOfAnotherTopic;
        for (long answer : ownership.answers) {
            if (answer >= 0) {
                isMeant |= group.progress().isEmptyBetween(ownership.log, answer, offset);
            } else if (group.terms().resetsToEnd()) {
                isMeant |= offset >= ownership.endAtNoOffset;
                group.progress().excuse(ownership.log, 0, offset);
            } else {
                isMeant |= group.progress().isEmptyBetween(ownership.log, 0, offset);
            }
        }
        if (!isMeant) {
            throw new Violation("G17", member + " commits " + offset + " of " + ownership.name
                    + ", of which it was given nothing; the coordinator has said " + ownership.answers);
        }
    }

    @Override
    public void answered(Request<?> request, Answer answer) {
        Long sent = sentNanos.remove(request);
        if (request instanceof OffsetFetchRequest && sent != null) {
            found((OffsetFetchResponse) answer, sent);
        }
    }

    @Override
    public void failed(Request<?> request, RequestFailure failure) {
        sentNanos.remove(request);
    }

    private void found(OffsetFetchResponse answer, long sent) {
        if (answer.error() != BrokerError.NONE) {
            return;
        }
        answer.partitions().forEach((partition, found) -> {
            Ownership ownership = member.ownership(partition);
            if (ownership != null && ownership.beganNanos <= sent && found.error() == BrokerError.NONE) {
                ownership.answers.add(found.offset());
                if (found.offset() < 0 && ownership.endAtNoOffset == Ownership.UNKNOWN) {
                    ownership.endAtNoOffset = group.progress().end(ownership.log);
                }
            }
        });
    }
}
