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
    /** How long nothing may have happened in the group before it counts as settled: two rounds of heartbeats and more. */
    private static final int QUIET_HEARTBEATS = 3;

    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
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

    RebalanceRound(RebalanceOrder order) {
        this.order = order;
        this.board = new FlowBoard(order.partitions(), System::nanoTime);
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, order.bootstrapServers()));
        this.quietNanos =
                QUIET_NANOS + TimeUnit.MILLISECONDS.toNanos((long) QUIET_HEARTBEATS * order.heartbeatMs());
        this.pulseNanos = TimeUnit.MILLISECONDS.toNanos(order.pulseMs());
    }

    RebalanceAnswer run() {
        try {
            for (int i = 0; i < order.members(); i++) {
                start();
            }
            awaitSettled(order.members());
            board.mark();
            TimeUnit.MILLISECONDS.sleep(USUAL_MS);
            long usualPauseNanos = board.longestPauseNanos();
            List<RebalanceFigures> figures = new ArrayList<>();
            for (Change change : Change.values()) {
                board.mark();
                long sinceNanos = make(change);
                awaitSettled(members.size());
                figures.add(board.figures(change, sinceNanos, pulseNanos, usualPauseNanos));
            }
            return new RebalanceAnswer(figures);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Returns the time from which the change is counted. */
    private long make(Change change) throws InterruptedException {
        long sinceNanos = System.nanoTime();
        switch (change) {
            case JOIN -> start();
            case LEAVE -> {
                Member leaving = members.remove(members.size() - 1);
                leaving.leave();
                leaving.awaitEnd();
                leaving.requireSound();
            }
            case DEATH -> {
                Member dead = members.remove(0);
                dead.die();
                dead.awaitEnd();
                awaitGivenUp();
                sinceNanos = System.nanoTime();
            }
        }
        return sinceNanos;
    }

    private void start() {
        lastNumber++;
        members.add(Member.start(lastNumber, order, board));
    }

    private void awaitSettled(int count) throws InterruptedException {
        await("the group has settled", () -> board.isSettled(count, quietNanos));
    }

    /** Waits until the coordinator does not count the dead member any more. */
    private void awaitGivenUp() throws InterruptedException {
        int alive = members.size();
        await("the coordinator has given up the dead member", () -> membersAtCoordinator() <= alive);
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
