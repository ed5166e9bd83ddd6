package dev.surefoot.testkit.simulation.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.Heartbeat.HeartbeatRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.LeaveGroup.LeaveGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/** What must hold of every request that a member sends. */
final class MemberChecks {
    private static final long WINDOW_NANOS = 100_000_000;
    /** Back-offs have a jitter of a fifth. */
    private static final long BACKOFF_MIN_NANOS = 80_000_000;

    private final MembershipWorld world;
    private final WorldMember member;
    private final ArrayDeque<Long> joins = new ArrayDeque<>();
    private final ArrayDeque<Long> heartbeats = new ArrayDeque<>();
    private final Set<String> left = new HashSet<>();
    private long lastLookUpNanos = Long.MIN_VALUE / 2;
    int joinCount;

    MemberChecks(MembershipWorld world, WorldMember member) {
        this.world = world;
        this.member = member;
    }

    void sent(Request<?> request) {
        assertThat(member.isClosed()).as("g41: %s is closed", member).isFalse();
        if (request instanceof FindCoordinatorRequest) {
            assertThat(world.nowNanos() - lastLookUpNanos)
                    .as("g28: time since the last look-up of %s", member)
                    .isGreaterThanOrEqualTo(BACKOFF_MIN_NANOS);
            lastLookUpNanos = world.nowNanos();
            return;
        }
        assertThat(member.coordinator.instance())
                .as("g26: a coordinator is believed in")
                .isNotNull();
        assertThat(request.nodeId())
                .as("g26: only the believed coordinator is asked")
                .isEqualTo(member.coordinator.instance().node().id());
        if (request instanceof JoinGroupRequest join) {
            joinCount++;
            atMostThree(joins, "joins");
            oneRound();
            claims(join);
        } else if (request instanceof SyncGroupRequest sync) {
            oneRound();
            assertThat(sync.generation())
                    .as("g29")
                    .isEqualTo(member.membership.identity().epoch());
        } else if (request instanceof HeartbeatRequest heartbeat) {
            atMostThree(heartbeats, "heartbeats");
            assertThat(member.link.underWay(HeartbeatRequest.class))
                    .as("g26: heartbeats under way")
                    .isZero();
            assertThat(heartbeat.generation())
                    .as("g29")
                    .isEqualTo(member.membership.identity().epoch());
            assertThat(heartbeat.memberId())
                    .as("g29")
                    .isEqualTo(member.membership.identity().memberId());
            assertThat(left).as("g34: no heartbeat follows a leave").doesNotContain(heartbeat.memberId());
        } else if (request instanceof LeaveGroupRequest leave) {
            assertThat(left.add(leave.memberId()))
                    .as("g34: one leave of %s", leave.memberId())
                    .isTrue();
        }
    }

    private void atMostThree(ArrayDeque<Long> times, String what) {
        times.add(world.nowNanos());
        while (times.element() <= world.nowNanos() - WINDOW_NANOS) {
            times.remove();
        }
        assertThat(times.size()).as("g28: %s of %s within 100 ms", what, member).isLessThanOrEqualTo(3);
    }

    private void oneRound() {
        assertThat(member.link.underWay(JoinGroupRequest.class) + member.link.underWay(SyncGroupRequest.class))
                .as("g26: rounds under way")
                .isZero();
    }

    private void claims(JoinGroupRequest join) {
        join.protocols().forEach((assignor, said) -> {
            assertThat(member.owned).as("g32: what %s claims", member).containsAll(said.owned());
            if (!said.owned().isEmpty()) {
                assertThat(said.generation())
                        .as("g32: the generation of the last sync that was answered")
                        .isEqualTo(member.syncedGeneration);
            }
        });
    }
}
