package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** What must hold of the heartbeats of a member of the consumer protocol. */
final class ConsumerRequestRules implements MemberRules.OfRequests {
    private static final long FULL_AFTER_FAILURE_NANOS = 40 * TracedMember.SECOND;

    private final TracedMember member;
    private final List<Long> sentNanos = new ArrayList<>();
    /** Whether the last outcome was an orderly answer, so that the coordinator knows what was said. */
    private boolean told;

    private long fullUntilNanos;
    private boolean hasLeft;

    ConsumerRequestRules(TracedMember member) {
        this.member = member;
    }

    @Override
    public void sent(Request<?> request) {
        ConsumerGroupHeartbeatRequest beat = (ConsumerGroupHeartbeatRequest) request;
        assertThat(beat.groupId()).isEqualTo(member.settings.groupId());
        assertThat(beat.memberId()).as("G29: one id for life").isEqualTo(new Uuid(7, 7).toString());
        assertThat(beat.instanceId()).isEqualTo(member.settings.instanceId());
        if (beat.epoch() < 0) {
            checkLeave(beat);
        } else {
            checkHeartbeat(beat);
        }
    }

    private void checkLeave(ConsumerGroupHeartbeatRequest leave) {
        assertThat(hasLeft).as("G34: one leave of each membership").isFalse();
        hasLeft = true;
        assertThat(leave.epoch()).isGreaterThanOrEqualTo(member.settings.instanceId() == null ? -1 : -2);
        assertThat(leave.timeoutNanos()).isEqualTo(member.settings.timing().requestTimeoutNanos());
        assertThat(leave.owned()).isNull();
        assertThat(leave.topics()).isNull();
        assertThat(leave.rebalanceTimeoutMs()).isEqualTo(-1);
    }

    private void checkHeartbeat(ConsumerGroupHeartbeatRequest beat) {
        boolean join = beat.epoch() == 0;
        assertThat(member.requestsUnderWay().stream()
                        .filter(other ->
                                other instanceof ConsumerGroupHeartbeatRequest heartbeat && heartbeat.epoch() >= 0))
                .as("G26: one heartbeat at a time")
                .isEmpty();
        assertThat(member.membership.isMember()).as("G29").isEqualTo(!join);
        if (join) {
            hasLeft = false;
            assertThat(beat.owned()).as("joins with nothing").isEqualTo(Map.of());
        } else {
            assertThat(beat.epoch())
                    .as("G29")
                    .isEqualTo(member.membership.identity().epoch());
            assertThat(hasLeft).as("G34: nothing after the leave").isFalse();
        }
        assertThat(beat.rackId()).isEqualTo(join ? member.settings.rackId() : null);
        boolean full = beat.rebalanceTimeoutMs() >= 0;
        if (join || !told || member.now < fullUntilNanos) {
            assertThat(full).as("G30: says everything").isTrue();
        }
        checkContent(beat, full);
        long longestNanos = member.settings.timing().requestTimeoutNanos();
        assertThat(beat.timeoutNanos())
                .as("two intervals, once the coordinator has told them")
                .isIn(2 * TracedMember.INTERVAL_MS * TracedMember.MILLI, join ? longestNanos : 0);
        sentNanos.add(member.now);
        assertThat(sentNanos.stream().filter(at -> at > member.now - 100 * TracedMember.MILLI))
                .as("G28: heartbeats in 100 ms")
                .hasSizeLessThanOrEqualTo(3);
    }

    private void checkContent(ConsumerGroupHeartbeatRequest beat, boolean full) {
        assertThat(beat.assignor()).isEqualTo(full ? member.settings.remoteAssignor() : null);
        if (full) {
            assertThat(beat.rebalanceTimeoutMs())
                    .isEqualTo(member.settings.timing().maxPollIntervalMs());
            assertThat(beat.topics()).isNotNull();
            assertThat(beat.owned()).isNotNull();
        }
        Set<String> topics = beat.topics();
        if (topics != null) {
            assertThat(topics).isSubsetOf(member.membership.topicsOfInterest());
        }
        Map<Uuid, Set<Integer>> owned = beat.owned();
        if (owned != null && beat.epoch() > 0) {
            Set<TopicPartition> names = new HashSet<>();
            owned.forEach((id, numbers) -> numbers.forEach(
                    number -> names.add(new TopicPartition(id.equals(TracedMember.T) ? "t" : "u", number))));
            assertThat(names).as("G32: says what it owns").isEqualTo(member.membership.owned());
        }
    }

    @Override
    public void ended(Request<?> request, @Nullable Answer answer) {
        if (!(request instanceof ConsumerGroupHeartbeatRequest beat) || beat.epoch() < 0) {
            return;
        }
        told = false;
        if (answer instanceof ConsumerGroupHeartbeatResponse said) {
            boolean inOrder = said.error() == BrokerError.NONE && said.epoch() > 0;
            told = inOrder && (beat.epoch() > 0 || said.assignment() != null);
        } else {
            fullUntilNanos = member.now + FULL_AFTER_FAILURE_NANOS;
        }
    }

    @Override
    public void turned(long dueNanos) {
        boolean beats = member.membership.isMember()
                && !member.isUnderWay(ConsumerGroupHeartbeatRequest.class)
                && member.rules.mayAsk();
        if (beats) {
            assertThat(dueNanos)
                    .as("G27: the next heartbeat")
                    .isLessThanOrEqualTo(
                            sentNanos.get(sentNanos.size() - 1) + TracedMember.INTERVAL_MS * TracedMember.MILLI);
        }
    }
}
