package dev.surefoot.core.group;

import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberAssignment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The application of a member of the classic protocol: takes notices in their order, keeps the record of what its
 * listener would be called with, and answers.
 */
final class ClassicApplication {
    final List<String> callbacks = new ArrayList<>();
    final List<KafkaException> raised = new ArrayList<>();
    final List<GroupEvent> events = new ArrayList<>();
    /** What must not be fetched. */
    final Set<TopicPartition> held = new LinkedHashSet<>();

    final Set<TopicPartition> owned = new TreeSet<>(PartitionOrder.BY_NAME);
    int metadataRefreshes;
    int lefts;
    ClassicMembership membership;
    Map<String, MemberAssignment> nextPlan = Map.of();

    @Nullable KafkaException assignorFailure;

    private final GroupSettings settings;
    private final ArrayDeque<GroupNotice> mail = new ArrayDeque<>();
    private boolean polling;
    private long leftPollNanos = Turn.NEVER_POLLED;

    ClassicApplication(GroupSettings settings) {
        this.settings = settings;
    }

    long lastPollNanos(long nowNanos) {
        return polling ? nowNanos : leftPollNanos;
    }

    void enterPoll() {
        polling = true;
    }

    void leavePoll(long nowNanos) {
        polling = false;
        leftPollNanos = nowNanos;
    }

    boolean hasMail() {
        return !mail.isEmpty();
    }

    /** Takes the next notice and answers it; returns false if there is none. */
    boolean answerNext(long nowNanos) {
        GroupNotice notice = takeNext();
        if (notice != null) {
            answer(notice, nowNanos);
        }
        return notice != null;
    }

    /** Takes the next notice, or returns null if there is none. From then on nothing takes its place any more. */
    @Nullable GroupNotice takeNext() {
        return mail.poll();
    }

    void answer(GroupNotice notice, long nowNanos) {
        notice.accept(new Answering(nowNanos));
    }

    void apply(GroupEffect effect) {
        effect.accept(new Applying());
    }

    private static long tokenOf(GroupNotice notice) {
        if (notice instanceof GroupNotice.Revoked revoked) {
            return revoked.token();
        }
        if (notice instanceof GroupNotice.Assigned assigned) {
            return assigned.token();
        }
        return notice instanceof GroupNotice.AssignmentWanted wanted ? wanted.token() : -1;
    }

    private final class Answering implements GroupNotice.Visitor {
        private final long nowNanos;

        Answering(long nowNanos) {
            this.nowNanos = nowNanos;
        }

        @Override
        public void revoked(GroupNotice.Revoked notice) {
            if (!notice.partitions().isEmpty() || notice.tellsEmpty()) {
                String kind = notice.loss() == GroupNotice.Loss.LOST ? "lost" : "revoked";
                callbacks.add(kind + notice.partitions());
            }
            owned.removeAll(notice.partitions());
            held.removeAll(notice.partitions());
            Map<String, @Nullable ByteBuffer> userData = new LinkedHashMap<>();
            if (notice.joinFollows()) {
                settings.assignors().forEach(assignor -> userData.put(assignor, null));
            }
            membership.released(notice.token(), notice.partitions(), userData, nowNanos);
        }

        @Override
        public void assigned(GroupNotice.Assigned notice) {
            callbacks.add("assigned" + notice.added());
            owned.addAll(notice.added());
            membership.taken(notice.token(), nowNanos);
        }

        @Override
        public void assignmentWanted(GroupNotice.AssignmentWanted notice) {
            if (assignorFailure != null) {
                membership.assignmentFailed(notice.token(), assignorFailure, nowNanos);
            } else {
                membership.assignmentMade(notice.token(), nextPlan, nowNanos);
            }
        }

        @Override
        public void identified(GroupNotice.Identified notice) {
            callbacks.add("identified " + notice.identity().epoch());
        }

        @Override
        public void commitSettled(GroupNotice.CommitSettled notice) {
            throw new AssertionError("nothing was committed");
        }

        @Override
        public void left(GroupNotice.Left notice) {
            lefts++;
        }
    }

    private final class Applying implements GroupEffect.Visitor {
        @Override
        public void notify(GroupEffect.Notify effect) {
            mail.add(effect.notice());
        }

        @Override
        public void supersede(GroupEffect.Supersede effect) {
            GroupNotice.Revoked instead = effect.notice();
            List<GroupNotice> notices = new ArrayList<>(mail);
            notices.replaceAll(notice -> tokenOf(notice) == instead.token() ? instead : notice);
            mail.clear();
            mail.addAll(notices);
        }

        @Override
        public void hold(GroupEffect.Hold effect) {
            held.addAll(effect.partitions());
        }

        @Override
        public void refreshMetadata(GroupEffect.RefreshMetadata effect) {
            metadataRefreshes++;
        }

        @Override
        public void raise(GroupEffect.Raise effect) {
            raised.add(effect.cause());
        }

        @Override
        public void report(GroupEffect.Report effect) {
            events.add(effect.event());
        }
    }
}
