package dev.surefoot.core.engine;

import static dev.surefoot.core.engine.GroupWorld.HEARTBEAT_INTERVAL_MS;
import static dev.surefoot.core.engine.GroupWorld.MILLI;
import static dev.surefoot.core.engine.GroupWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.group.ConsumerGroupHeartbeat.ConsumerGroupHeartbeatRequest;
import dev.surefoot.core.group.GroupSettings.Protocol;
import dev.surefoot.core.group.JoinGroup.JoinGroupRequest;
import dev.surefoot.core.group.JoinGroup.JoinGroupResponse;
import dev.surefoot.core.group.SyncGroup.SyncGroupRequest;
import dev.surefoot.core.group.SyncGroup.SyncGroupResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberAssignment;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A subscription by a pattern that this client matches. */
class GroupPatternTest {
    private GroupWorld world = new GroupWorld(Protocol.CONSUMER);

    private Group group() {
        return world.engine.group();
    }

    /** Else it would join for no topics, and at once again for some: two rebalances of the whole group. */
    @Test
    void nobodyJoinsBeforeTheTopicsAreKnown() {
        world.create("orders", 1);
        group().subscribe(Pattern.compile("or.*"), world.now);
        world.turn();
        world.findCoordinator();
        world.turn();
        assertThat(world.all(ConsumerGroupHeartbeatRequest.class)).isEmpty();

        world.answerMetadata();
        world.turn();
        assertThat(world.onWire(ConsumerGroupHeartbeatRequest.class).topics()).containsExactly("orders");
    }

    /** What one pattern was matched against serves for the next. */
    @Test
    void anotherPatternIsMatchedAtOnce() {
        world.create("orders", 1);
        world.create("returns", 1);
        group().subscribe(Pattern.compile("or.*"), world.now);
        world.turn();
        world.answerMetadata();
        group().subscribe(Pattern.compile("re.*"), world.now);
        world.turn();
        assertThat(world.events(EngineEvent.TopicsMatched.class))
                .last()
                .isEqualTo(new EngineEvent.TopicsMatched(Set.of("returns")));
    }

    @Test
    void aPatternIsMatchedAgainstAllTopics() {
        world.create("orders", 1);
        world.create("returns", 1);
        group().subscribe(Pattern.compile("or.*"), world.now);
        world.turn();
        assertThat(world.onWire(MetadataRequest.class).query().topics()).isNull();
        world.answerMetadata();
        assertThat(world.events(EngineEvent.TopicsMatched.class))
                .last()
                .isEqualTo(new EngineEvent.TopicsMatched(Set.of("orders")));
        world.findCoordinator();
        assertThat(world.onWire(ConsumerGroupHeartbeatRequest.class).topics()).containsExactly("orders");
    }

    /** Each character of a name takes stack for each of the groups that are repeated. */
    @Test
    void aPatternThatOverflowsTheStackIsRaisedAndTheOtherTopicsAreSubscribedTo() {
        world.create("orders", 1);
        world.create("a".repeat(249), 1);
        String deep = "(".repeat(500) + "a|b" + ")".repeat(500) + "*";
        group().subscribe(Pattern.compile("orders|" + deep), world.now);
        world.turn();
        world.answerMetadata();
        world.turn();
        assertThat(world.events(EngineEvent.Raised.class))
                .first()
                .satisfies(raised -> assertThat(raised.cause()).hasMessageContaining("needs more stack"));
        assertThat(world.events(EngineEvent.TopicsMatched.class))
                .last()
                .isEqualTo(new EngineEvent.TopicsMatched(Set.of("orders")));
    }

    /** All members learn of a new topic from the same metadata, and each would start a rebalance. */
    @Test
    void aClassicMemberPutsOffASubscriptionThatFollowsFromMetadata() {
        world = new GroupWorld(Protocol.CLASSIC);
        world.create("orders", 1);
        stableByPattern(Pattern.compile("or.*"));
        world.create("orders-2", 1);
        long matchedBefore = world.events(EngineEvent.TopicsMatched.class).size();
        world.pass(400 * SECOND);
        world.answerMetadata();
        assertThat(world.events(EngineEvent.TopicsMatched.class)).as("put off").hasSize((int) matchedBefore);
        long due = world.engine.nextDeadlineNanos();
        assertThat(due - world.now).isPositive().isLessThanOrEqualTo(HEARTBEAT_INTERVAL_MS / 10 * MILLI);
        world.now = due;
        world.turn();
        assertThat(world.events(EngineEvent.TopicsMatched.class))
                .last()
                .isEqualTo(new EngineEvent.TopicsMatched(Set.of("orders", "orders-2")));
    }

    private void stableByPattern(Pattern pattern) {
        group().subscribe(pattern, world.now);
        world.turn();
        world.answerMetadata();
        GroupNotice.Revoked prepare = world.notice(GroupNotice.Revoked.class);
        Map<String, ByteBuffer> userData = new HashMap<>();
        userData.put("range", null);
        group().membership().released(prepare.token(), Set.of(), userData, world.now);
        world.turn();
        world.findCoordinator();
        world.answer(
                world.onWire(JoinGroupRequest.class),
                new JoinGroupResponse(
                        0, BrokerError.NONE, (short) 0, 1, "consumer", "range", "other", "m", false, Map.of()));
        world.turn();
        world.answer(
                world.onWire(SyncGroupRequest.class),
                new SyncGroupResponse(0, BrokerError.NONE, (short) 0, "range", new MemberAssignment(List.of(), null)));
        world.turn();
        group().taken(world.notice(GroupNotice.Assigned.class).token(), Set.of(), world.now);
        world.turn();
        assertThat(group().membership().isMember()).isTrue();
    }
}
