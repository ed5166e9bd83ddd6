package dev.surefoot.bench.rebalance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Makes a group, changes it, and measures what that does to its partitions. Used by one thread. */
final class RebalanceRound implements AutoCloseable {
    /** How long nothing may have happened in the group before it counts as settled. */
    private static final int QUIET_HEARTBEATS = 3;

    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long USUAL_MS = 2_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final long STEP_MS = 10;

    private final RebalanceOrder order;
    private final FlowBoard board;
    private final List<Member> members = new ArrayList<>();
    private final Admin admin;
    private final long quietNanos;
    private final long pulseNanos;
    private int lastNumber;
    private long usualPauseNanos;

    RebalanceRound(RebalanceOrder order) {
        this.order = order;
        this.board = new FlowBoard(order.partitions(), System::nanoTime);
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, order.bootstrapServers()));
        this.quietNanos = QUIET_NANOS + TimeUnit.MILLISECONDS.toNanos((long) QUIET_HEARTBEATS * order.heartbeatMs());
        this.pulseNanos = TimeUnit.MILLISECONDS.toNanos(order.pulseMs());
    }

    /** Starts the members, and measures how one more joins and leaves. */
    List<RebalanceFigures> joinAndLeave() throws InterruptedException {
        for (int i = 0; i < order.members(); i++) {
            start();
        }
        awaitSettled();
        board.mark();
        TimeUnit.MILLISECONDS.sleep(USUAL_MS);
        usualPauseNanos = board.longestPauseNanos();

        board.mark();
        long joinNanos = System.nanoTime();
        start();
        awaitSettled();
        RebalanceFigures join = board.figures(Change.JOIN, joinNanos, pulseNanos, usualPauseNanos);

        board.mark();
        long leaveNanos = System.nanoTime();
        Member leaving = members.remove(members.size() - 1);
        leaving.leave();
        leaving.awaitEnd();
        leaving.requireSound();
        awaitSettled();
        return List.of(join, board.figures(Change.LEAVE, leaveNanos, pulseNanos, usualPauseNanos));
    }

    /** Starts one member, and returns when it owns partitions. */
    void beVictim() throws InterruptedException {
        start();
        await("the member owns partitions", board::isAnyOwned);
    }

    /** Returns when the group has settled with a member of another JVM. */
    void awaitVictim() throws InterruptedException {
        await("the group has settled", () -> board.isSettledWithOther(order.members(), quietNanos));
        board.mark();
    }

    /** Measures how the member of the other JVM, which has died, is given up. */
    RebalanceFigures death() throws InterruptedException {
        long[] sinceNanos = new long[1];
        await("the coordinator has given up the dead member", () -> {
            long askedNanos = System.nanoTime();
            boolean givenUp = membersAtCoordinator() <= order.members();
            // It was not given up when it was asked about last. So no time is counted too short.
            sinceNanos[0] = givenUp ? sinceNanos[0] : askedNanos;
            return givenUp;
        });
        awaitSettled();
        return board.figures(Change.DEATH, sinceNanos[0], pulseNanos, usualPauseNanos);
    }

    private void start() {
        lastNumber++;
        members.add(Member.start(lastNumber, order, board));
    }

    private void awaitSettled() throws InterruptedException {
        await("the group has settled", () -> board.isSettled(members.size(), quietNanos));
    }

    private int membersAtCoordinator() {
        try {
            return admin.describeConsumerGroups(List.of(order.groupId())).all().get().values().stream()
                    .mapToInt(group -> group.members().size())
                    .sum();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The group cannot be described", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long startNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            members.forEach(Member::requireSound);
            if (System.nanoTime() - startNanos > PATIENCE_NANOS) {
                throw new IllegalStateException("Waited in vain until " + what + ": " + board.describe());
            }
            TimeUnit.MILLISECONDS.sleep(STEP_MS);
        }
    }

    @Override
    public void close() {
        members.forEach(Member::leave);
        try {
            for (Member each : members) {
                each.awaitEnd();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            admin.close();
        }
    }
}
