package dev.surefoot.core.group;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Requester;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * Which broker coordinates the group, looked for while something {@link #need}s it. Owned by the loop's thread.
 *
 * <p>Each finding is an instance of its own. Only who has asked this instance may have it forgotten: an answer from one
 * that was forgotten before says nothing of the present one. A finding that answers nothing is looked up anew after a
 * back-off, as brokers may go on naming one that is gone.
 */
public final class Coordinator implements Requester {
    /** A coordinator, as found by one look-up. */
    public record Instance(Node node, long number) {}

    /** For how long a broker holds a commit back at most: the default of its {@code offsets.commit.timeout.ms}. */
    private static final long COMMIT_HELD_NANOS = Duration.ofSeconds(5).toNanos();

    private enum Due implements Deadlines.Name {
        /** The back-off of a look-up ends. */
        COORDINATOR_RETRY
    }

    private final String groupId;
    private final long requestTimeoutNanos;
    private final BrokerChoice brokers;
    private final Backoff backoff;
    private final Consumer<GroupEffect> effects;

    private @Nullable Instance instance;
    private @Nullable KafkaException failure;
    /** Whether it is to be looked for: somebody needs it, and it is not known. */
    private boolean needed;

    /** Whether a failure of the look-up has to be thrown by poll; as of the last turn. */
    private boolean raises;
    /** The same, as of the turn under way. */
    private boolean raisesNow;

    private boolean asking;
    /** Look-ups since the last one whose finding has answered something. */
    private int unconfirmed;
    /** How many of those have found one. */
    private int findings;

    private long retryAtNanos;
    private long lookups;
    private int lastNodeId = -1;
    /** It answers them before it reads what was sent behind them. */
    private int commitsOnWire;

    private final CoordinatorRefusals refusals = new CoordinatorRefusals();

    /**
     * @param requestTimeoutNanos how long the answer to a look-up may take, in nanoseconds
     * @param backoff the delays between look-ups that fail
     */
    public Coordinator(
            String groupId,
            long requestTimeoutNanos,
            BrokerChoice brokers,
            Backoff backoff,
            Consumer<GroupEffect> effects) {
        this.groupId = groupId;
        this.requestTimeoutNanos = requestTimeoutNanos;
        this.brokers = brokers;
        this.backoff = backoff;
        this.effects = effects;
    }

    /** The coordinator, or null while it is not known. */
    public @Nullable Instance instance() {
        return instance;
    }

    /**
     * Has the coordinator looked for, if it is not known. A look-up that fails for good is thrown by poll, and is not
     * repeated unless it is needed again. To be called in each turn in which it is needed.
     */
    public void need() {
        raisesNow = true;
        look();
    }

    /** As {@link #need}, for somebody who tells the application of {@link #failure} in another way. */
    void look() {
        needed |= instance == null;
    }

    /** As {@link #reach(Outbox, Purpose)}, over the coordinator's own connection. */
    public @Nullable Instance reach(Outbox outbox) {
        return reach(outbox, Purpose.COORDINATOR);
    }

    /**
     * The coordinator, if a request can be sent to it now, otherwise null. Then it is being looked for or connected to;
     * one that cannot be connected to is forgotten.
     *
     * @param over the connection to use
     */
    @Nullable Instance reach(Outbox outbox, Purpose over) {
        Instance at = instance;
        if (at == null) {
            look();
            return null;
        }
        Readiness readiness = outbox.readiness(at.node().id(), over);
        RequestFailure unreachable = readiness.failure();
        if (unreachable != null) {
            if (unreachable.isRefusal()) {
                failed(unreachable.cause());
            }
            forget(at, String.valueOf(unreachable.cause().getMessage()));
            look();
        }
        return readiness.isReady() ? at : null;
    }

    /** The coordinator has answered as one: the next look-up, if there has to be one, does not back off for long. */
    public void confirm(Instance of) {
        if (of.equals(instance)) {
            unconfirmed = 0;
            findings = 0;
            refusals.end();
        }
    }

    /** A commit was sent to it. */
    void commitSent() {
        commitsOnWire++;
    }

    /** A commit was answered by it, or will not be. */
    void commitEnded() {
        commitsOnWire--;
    }

    int commitsOnWire() {
        return commitsOnWire;
    }

    /**
     * For how many nanoseconds it may leave a request unread that is sent now. It reads one request of a connection at
     * a time, and answers a commit when that is replicated, or could not be in time. While a broker goes away that
     * takes seconds, and another connection would not make it shorter.
     */
    long busyNanos() {
        return commitsOnWire * COMMIT_HELD_NANOS;
    }

    /** Whether it is not known, and being looked for. */
    public boolean isLookedFor() {
        return needed && instance == null;
    }

    /** How far the look-up is. */
    public CoordinatorStanding standing(long nowNanos) {
        return new CoordinatorStanding(
                lastNodeId,
                instance != null,
                needed,
                findings,
                refusals.present(nowNanos),
                refusals.inARow(),
                refusals.firstNanos());
    }

    /** A broker has put this member off: the group has no coordinator yet, or it still loads the group. */
    void putOff(BrokerError error, long nowNanos) {
        if (error == BrokerError.COORDINATOR_LOAD_IN_PROGRESS
                || error == BrokerError.COORDINATOR_NOT_AVAILABLE
                || error == BrokerError.NOT_COORDINATOR) {
            refusals.add(error, nowNanos);
        }
    }

    /** Why the last look-up failed for good, or null; a later look-up may find it all the same. */
    public @Nullable KafkaException failure() {
        return failure;
    }

    /** Looks for the coordinator anew, unless another instance has been found since. */
    public void forget(Instance of, String reason) {
        if (of.equals(instance)) {
            instance = null;
            if (unconfirmed > 0) {
                // The broker that was asked may be cut off from the others, and go on naming one that is gone.
                brokers.tryNext();
            }
            effects.accept(new GroupEffect.Report(new GroupEvent.CoordinatorLost(reason)));
        }
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        raises = raisesNow;
        raisesNow = false;
        if (!needed || asking || retryAtNanos > turn.nowNanos()) {
            return;
        }
        BrokerChoice.Choice choice = brokers.choose(outbox, turn.nowNanos());
        RequestFailure unreachable = choice.failure();
        if (unreachable != null) {
            failed(unreachable, turn.nowNanos());
        } else if (choice.found()) {
            asking = outbox.send(
                    new FindCoordinatorRequest(choice.nodeId(), groupId, requestTimeoutNanos), new LookupReply());
        }
    }

    @Override
    public void enterDeadlines(Deadlines deadlines, long nowNanos) {
        boolean waits = needed && retryAtNanos > nowNanos;
        deadlines.enter(Due.COORDINATOR_RETRY, waits ? retryAtNanos : Deadline.NEVER);
    }

    private final class LookupReply implements Reply<FindCoordinatorResponse> {
        @Override
        public void answered(FindCoordinatorResponse answer, long nowNanos) {
            asking = false;
            Node found = answer.coordinator();
            if (found != null) {
                instance = new Instance(found, ++lookups);
                lastNodeId = found.id();
                findings++;
                failure = null;
                needed = false;
                backOff(nowNanos);
                effects.accept(new GroupEffect.Report(new GroupEvent.CoordinatorFound(found)));
            } else {
                refused(answer, nowNanos);
            }
        }

        @Override
        public void failed(RequestFailure ended, long nowNanos) {
            asking = false;
            Coordinator.this.failed(ended, nowNanos);
        }
    }

    private void refused(FindCoordinatorResponse answer, long nowNanos) {
        boolean passes = answer.error() == BrokerError.COORDINATOR_NOT_AVAILABLE
                || answer.error() == BrokerError.COORDINATOR_LOAD_IN_PROGRESS
                || answer.error() == BrokerError.NOT_COORDINATOR
                || answer.error() == BrokerError.REQUEST_TIMED_OUT;
        if (passes) {
            putOff(answer.error(), nowNanos);
            brokers.tryNext();
            effects.accept(new GroupEffect.RefreshMetadata());
        } else {
            failed(
                    answer.error() == BrokerError.GROUP_AUTHORIZATION_FAILED
                            ? GroupErrors.unauthorized(groupId)
                            : answer.error()
                                    .exception(
                                            "Looking for the coordinator of group '" + groupId + "'",
                                            answer.errorCode()));
        }
        backOff(nowNanos);
    }

    private void failed(RequestFailure ended, long nowNanos) {
        brokers.tryNext();
        if (ended.isRefusal() || ended.kind() == RequestFailure.Kind.UNSUPPORTED_VERSION) {
            failed(ended.cause());
        }
        backOff(nowNanos);
    }

    private void failed(KafkaException cause) {
        failure = cause;
        needed = false;
        if (raises || raisesNow) {
            effects.accept(new GroupEffect.Raise(cause));
        }
    }

    private void backOff(long nowNanos) {
        retryAtNanos = Deadline.after(nowNanos, backoff.delayNanos(++unconfirmed));
    }
}
