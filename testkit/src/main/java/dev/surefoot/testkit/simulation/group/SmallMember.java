package dev.surefoot.testkit.simulation.group;

import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.Commits;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.group.GroupSettings.Timing;
import dev.surefoot.core.group.Membership;
import dev.surefoot.core.group.Membership.Departure;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.testkit.simulation.search.InvariantBroken;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** One member of a small group: the shipped loop's part of it, its application, and what is between it and brokers. */
public final class SmallMember {
    private static final int ROUNDS_MAX = 20;
    /** So many turns in a row may do nothing. */
    private static final int IDLE_TURNS_MAX = 2;

    private static final long NEVER_AWAY = -1;

    final SmallGroup world;
    final int index;
    final MemberWire wire;
    final MemberChecks checks;
    final Membership membership;
    final SmallApplication application;
    private final Coordinator coordinator;
    private final Commits commits;
    private final TopicDirectory directory = new TopicDirectory();
    private final ArrayDeque<GroupEffect> wanted = new ArrayDeque<>();
    private boolean refreshWanted;
    private boolean running = true;
    private boolean subscribed;
    private long awaySinceNanos = NEVER_AWAY;

    /** @param starts how many members this one takes the place of */
    SmallMember(SmallGroup world, int index, int starts) {
        this.world = world;
        this.index = index;
        this.wire = new MemberWire(world, this);
        this.checks = new MemberChecks(world, this);
        GroupSettings settings = settings(world.settings(), index);
        SplittableRandom random = new SplittableRandom(1);
        Timing timing = settings.timing();
        Backoff backoff = new Backoff(timing.retryBackoffNanos(), timing.retryBackoffMaxNanos(), random);
        this.coordinator = new Coordinator(SmallGroup.GROUP, timing.requestTimeoutNanos(), wire, backoff, wanted::add);
        this.membership = world.settings()
                .parts()
                .memberships()
                .apply(Membership.Factory.BY_PROTOCOL)
                .create(settings, new Uuid(index, starts), coordinator, directory, random, wanted::add);
        this.commits = new Commits(settings, coordinator, membership, directory, backoff, wanted::add);
        this.application = world.settings().parts().applications().apply(this);
        directory.update(world.metadata(), true);
    }

    private static GroupSettings settings(SmallGroupSettings world, int index) {
        String instanceId = world.isStatic() ? "instance-" + (world.areTwins() ? 0 : index) : null;
        long tickNanos = SmallGroup.TICK_NANOS;
        return new GroupSettings(
                SmallGroup.GROUP,
                instanceId,
                null,
                world.kind().isClassic() ? GroupSettings.Protocol.CLASSIC : GroupSettings.Protocol.CONSUMER,
                new Timing(
                        SmallGroup.SESSION_MS,
                        SmallGroup.TICK_MS,
                        SmallGroup.MAX_POLL_MS,
                        SmallGroup.REQUEST_TIMEOUT_TICKS * tickNanos,
                        tickNanos / 10,
                        // With its jitter of a fifth the longest back-off ends within a tick.
                        tickNanos * 8 / 10),
                world.kind().isClassic() ? List.of(SmallAssignor.NAME) : List.of(),
                world.kind() == SmallGroupSettings.Kind.COOPERATIVE,
                null,
                false);
    }

    /** Begins the member ids that a coordinator makes. */
    String clientId() {
        return "m" + index;
    }

    boolean isRunning() {
        return running;
    }

    /** Whether it takes part in the group, or tries to. */
    boolean isSubscribed() {
        return running && subscribed;
    }

    boolean isAway() {
        return awaySinceNanos != NEVER_AWAY;
    }

    Coordinator.@Nullable Instance believedCoordinator() {
        return coordinator.instance();
    }

    Commits commits() {
        return commits;
    }

    // The application's calls.

    void subscribe() {
        subscribed = true;
        membership.subscribe(Set.of(SmallGroup.TOPIC), null, world.nowNanos());
        turn();
    }

    void unsubscribe() {
        subscribed = false;
        checks.leaving();
        membership.leave(Departure.DEFAULT, "unsubscribes", world.nowNanos());
        turn();
    }

    /** The application has been away from poll for so long that its membership is over, and still is. */
    void stayAway() {
        awaySinceNanos = world.nowNanos() - SmallGroup.MAX_POLL_MS * 1_000_000L - 1;
        checks.staysAway();
        turn();
        checks.stayedAway();
    }

    void poll() {
        enterPoll();
        turn();
        application.poll();
        turn();
    }

    /** The application is in poll, or its listener has returned to that. */
    void enterPoll() {
        awaySinceNanos = NEVER_AWAY;
    }

    void crash() {
        running = false;
        subscribed = false;
        wire.close();
        application.crash();
    }

    /** The membership is over for good, and the application knows. */
    void end() {
        subscribed = false;
    }

    // The loop.

    /** Turns the loop until nothing follows any more. Metadata and the look-up of the coordinator take no time. */
    void turn() {
        if (!running) {
            return;
        }
        applyEffects();
        int idle = 0;
        for (int round = 0; round < ROUNDS_MAX && idle <= IDLE_TURNS_MAX; round++) {
            long nowNanos = world.nowNanos();
            Turn turn = new Turn(nowNanos, 0, 0, Long.MAX_VALUE, false, isAway() ? awaySinceNanos : nowNanos);
            membership.dispatch(wire, turn);
            commits.dispatch(wire, turn);
            coordinator.dispatch(wire, turn);
            applyEffects();
            if (!wire.answerLookup() && !refresh()) {
                if (nextTurnNanos(nowNanos) > nowNanos) {
                    return;
                }
                idle++;
            }
        }
        throw new InvariantBroken("G37", this + " wants one turn after the other, and has nothing to do");
    }

    private boolean refresh() {
        if (!refreshWanted) {
            return false;
        }
        refreshWanted = false;
        directory.update(world.metadata(), true);
        membership.clusterChanged(world.nowNanos());
        applyEffects();
        return true;
    }

    /** Metadata is asked for again, as it is from time to time. */
    void refreshMetadata() {
        if (running) {
            refreshWanted = true;
            refresh();
            turn();
        }
    }

    private long nextTurnNanos(long nowNanos) {
        Deadlines deadlines = new Deadlines();
        membership.enterDeadlines(deadlines, nowNanos);
        commits.enterDeadlines(deadlines, nowNanos);
        coordinator.enterDeadlines(deadlines, nowNanos);
        return deadlines.earliestNanos();
    }

    private void applyEffects() {
        for (GroupEffect effect = wanted.poll(); effect != null; effect = wanted.poll()) {
            effect.accept(new Applying());
        }
    }

    private final class Applying implements GroupEffect.Visitor {
        @Override
        public void notify(GroupEffect.Notify told) {
            application.notice(told.notice());
        }

        @Override
        public void supersede(GroupEffect.Supersede told) {
            application.supersede(told.notice());
        }

        @Override
        public void hold(GroupEffect.Hold told) {
            application.hold(told.partitions());
        }

        @Override
        public void refreshMetadata(GroupEffect.RefreshMetadata told) {
            refreshWanted = true;
        }

        @Override
        public void raise(GroupEffect.Raise told) {
            checks.raised(told.cause());
        }

        @Override
        public void report(GroupEffect.Report told) {}
    }

    @Override
    public String toString() {
        return "member " + index + (running ? "" : " (gone)");
    }

    /** What it owns and what it waits for, in one line. */
    String describe() {
        if (!running) {
            return toString();
        }
        return this + " owns " + application + (membership.isMember() ? " at " + epoch() : ", no member");
    }

    private String epoch() {
        return String.valueOf(membership.identity().epoch() - SmallGroup.FIRST_EPOCH);
    }
}
