package dev.surefoot.bench.rebalance;

import dev.surefoot.bench.worker.Orders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JVM in which members of a group live: all but the one that dies, or that one alone, which dies with its JVM. Used
 * by one thread.
 */
final class RebalanceWorker {
    private @Nullable RebalanceRound round;

    private RebalanceWorker() {}

    /** Serves orders until standard input ends. */
    public static void main(String[] args) throws InterruptedException {
        RebalanceWorker worker = new RebalanceWorker();
        Orders.serve(RebalanceOrder.class, worker::carryOut);
    }

    private RebalanceAnswer carryOut(RebalanceOrder order) {
        boolean done = false;
        try {
            RebalanceAnswer answer = new RebalanceAnswer(figures(order));
            done = order.step() == RebalanceOrder.Step.DEATH;
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            if (done && round != null) {
                round.close();
                round = null;
            }
        }
    }

    private List<RebalanceFigures> figures(RebalanceOrder order) throws InterruptedException {
        return switch (order.step()) {
            case JOIN_AND_LEAVE -> {
                round = new RebalanceRound(order);
                yield round.joinAndLeave();
            }
            case BE_VICTIM -> {
                round = new RebalanceRound(order);
                round.beVictim();
                yield List.of();
            }
            case AWAIT_VICTIM -> {
                begun().awaitVictim();
                yield List.of();
            }
            case DEATH -> List.of(begun().death());
        };
    }

    private RebalanceRound begun() {
        if (round == null) {
            throw new IllegalStateException("this JVM has no members");
        }
        return round;
    }
}
