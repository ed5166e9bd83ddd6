package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.check.MemberLedger;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.world.Story;
import dev.surefoot.testkit.simulation.world.Turns;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/** The listener of one member: notes each call, and does in it what the schedule has for it. */
final class MemberListener implements ConsumerRebalanceListener {
    private static final long MICRO = 1_000L;

    /** What a listener throws that is to throw. */
    private static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Thrown() {
            super("the simulated listener throws");
        }
    }

    private enum Call {
        ASSIGNED,
        REVOKED,
        LOST
    }

    private final MemberProgram program;
    private final MemberCommits commits;
    private final MemberPositions positions;
    private final Turns turns;
    private final MemberLedger ledger;
    private final Story story;
    private final ArrayDeque<Event> prepared = new ArrayDeque<>();
    private boolean isSettled;
    private long spentNanos;

    MemberListener(
            MemberProgram program, MemberCommits commits, MemberPositions positions, Turns turns, MemberLedger ledger) {
        this.program = program;
        this.commits = commits;
        this.positions = positions;
        this.turns = turns;
        this.ledger = ledger;
        this.story = program.process().story();
    }

    /** Has the next call do this. */
    void prepare(Event act) {
        prepared.add(act);
    }

    /** From here on calls do nothing of their own. */
    void settle() {
        isSettled = true;
        prepared.clear();
    }

    /** How long all calls so far have lasted together. */
    long spentNanos() {
        return spentNanos;
    }

    /** Whether this is what a call of this listener has thrown, as the consumer hands it on. */
    boolean hasThrown(Throwable failure) {
        return failure.getCause() instanceof Thrown;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        call(Call.ASSIGNED, partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        call(Call.REVOKED, partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        call(Call.LOST, partitions);
    }

    private void call(Call call, Collection<TopicPartition> partitions) {
        long begunNanos = program.nowNanos();
        try {
            story.tell(() -> "listener: " + call + " " + partitions);
            note(call, partitions);
            program.commitDensely();
            act(call, partitions);
        } catch (Violation e) {
            turns.fail(e); // the consumer catches what listeners throw
            throw e;
        } catch (RuntimeException e) {
            if (call == Call.ASSIGNED) {
                ledger.hasThrown(partitions);
            }
            throw e;
        } finally {
            spentNanos += program.nowNanos() - begunNanos;
            if (call == Call.ASSIGNED) {
                ledger.returned();
            } else {
                ledger.released(partitions);
            }
        }
    }

    private void note(Call call, Collection<TopicPartition> partitions) {
        switch (call) {
            case ASSIGNED -> ledger.assigned(partitions, program.identity());
            case REVOKED -> ledger.revoked(partitions, false);
            case LOST -> ledger.revoked(partitions, true);
        }
        ledger.requireAssignment(program.assignment());
    }

    private void act(Call call, Collection<TopicPartition> partitions) {
        Event event = isSettled ? null : prepared.poll();
        if (event == null) {
            return;
        }
        story.tell(() -> "listener: " + event.act() + " " + event.amount());
        program.process().troubles().noteOfMember(event);
        switch (event.act()) {
            case LISTENER_SLOW -> program.sleep(event.amount() * MICRO);
            case LISTENER_THROWS -> throw new Thrown();
            case LISTENER_COMMITS -> commits.commitSync(commits.consumed(), true);
            case LISTENER_SUBSCRIBES -> program.subscribeAnew(event.amount());
            case LISTENER_SEEKS -> {
                if (call == Call.ASSIGNED && !partitions.isEmpty()) {
                    positions.seek(
                            MemberPositions.sorted(Set.copyOf(partitions)).get(0), event.amount());
                }
            }
            default -> throw new IllegalArgumentException("nothing that a listener does: " + event.act());
        }
    }
}
