package dev.surefoot.runtime;

import dev.surefoot.core.engine.Engine;
import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.engine.Group;
import dev.surefoot.core.engine.Question;
import dev.surefoot.core.engine.Unanswered;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.fetch.FetchTally;
import dev.surefoot.core.group.GroupEvent;
import dev.surefoot.core.time.Deadline;
import dev.surefoot.net.Clock;
import dev.surefoot.net.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * One single-threaded turn after another: commands of the application, requests that are due, input and output, events.
 * {@code LoopThread} repeats {@link #turn}; a simulator calls it itself. A last {@link #close} follows. Methods that
 * other threads may call are marked.
 */
public final class Loop {
    /** The longest wait for input. Everything that is due has a deadline; this bounds the delay if one were missing. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Engine engine;
    private final Transport transport;
    private final Clock clock;
    private final Handover handover;
    private final EventLog log;

    private final ConcurrentLinkedQueue<Command> commands = new ConcurrentLinkedQueue<>();
    private final Outcomes outcomes = new Outcomes();
    private final EventPassing passing;
    private final PollTimes polls;
    private final GuardReports reports;
    /** When the present turn was to end at the latest, but for the work it does. */
    private volatile long expectedNanos;
    /** The most nanoseconds by which a turn was late. */
    private volatile long latestNanos;

    private volatile FetchTally tally = FetchTally.NOTHING;

    private volatile long capacityBytes = Long.MAX_VALUE;
    private volatile boolean starved;
    private volatile boolean awaitsPoll;
    private volatile boolean leaving;
    private volatile boolean farAhead;
    /** Bytes held in the turn in which fetching had to wait. */
    private volatile long heldAtDispatch;
    /** Written by the application's thread. */
    private volatile boolean applicationWaits;

    /**
     * @param polls when the application is in poll
     * @param reports takes what the guard finds
     * @param groupEvents takes what happens to a membership
     */
    Loop(
            Engine engine,
            Transport transport,
            Clock clock,
            Handover handover,
            PollTimes polls,
            GuardReports reports,
            EventLog log,
            ClusterListeners clusterListeners,
            Consumer<GroupEvent> groupEvents) {
        this.engine = engine;
        this.transport = transport;
        this.clock = clock;
        this.handover = handover;
        this.polls = polls;
        this.reports = reports;
        this.log = log;
        this.expectedNanos = clock.nanos();
        this.passing = new EventPassing(handover, transport, log, reports.board(), clusterListeners, groupEvents);
    }

    // Safe from any thread.

    /** Adds a command, which the next turn carries out. */
    void submit(Command command) {
        commands.add(command);
        transport.wakeup();
    }

    /** Sends a query to the cluster. The future completes with the event that answers it, or exceptionally. */
    PendingQuestion ask(LongFunction<Question> question) {
        return askBy(id -> (engine, nowNanos) -> engine.ask(question.apply(id)));
    }

    /** Sends a question by a command, which gets the question's id. */
    PendingQuestion askBy(LongFunction<Command> question) {
        PendingQuestion pending = passing.open();
        submit(question.apply(pending.id()));
        return pending;
    }

    /**
     * A query that is not answered yet.
     *
     * @param unanswered the parts without an answer and the reasons, as of the last turn
     */
    record PendingQuestion(
            long id, CompletableFuture<EngineEvent> answer, AtomicReference<List<Unanswered>> unanswered) {}

    /** Cancels a query whose answer is no longer needed. */
    void cancel(PendingQuestion question) {
        passing.forget(question);
        submit((engine, nowNanos) -> engine.cancelQuestion(question.id()));
    }

    /**
     * Called when the application may have released memory. Wakes the loop if fetching waits for memory and some was
     * released.
     */
    void memoryReturned() {
        // A wake-up is a system call, and an application that is behind calls this with every poll.
        if ((starved || farAhead) && transport.heldBytes() < heldAtDispatch) {
            transport.wakeup();
        }
    }

    /**
     * Called when the application has looked for records. Wakes the loop if there were none and fetching waits for the
     * application.
     */
    void applicationLooked(boolean foundAny) {
        applicationWaits = !foundAny;
        if (!foundAny && farAhead) {
            transport.wakeup();
        }
    }

    /** Whether fetching waits for the application to release memory, as of the last turn. */
    boolean starved() {
        return starved;
    }

    /** Counts of what fetching has done, as of the last turn. */
    FetchTally tally() {
        return tally;
    }

    /** Returns the replica that the partition is read from instead of its leader, or -1. */
    int readReplica(TopicPartition partition) {
        return passing.readReplica(partition);
    }

    long heldBytes() {
        return transport.heldBytes();
    }

    /**
     * The most bytes that fetched answers may occupy as of the last turn, where memory is shared with others or short.
     */
    long capacityBytes() {
        return capacityBytes;
    }

    /** Called when the application enters poll. Wakes the loop if the membership goes on with a poll only. */
    void pollEntered() {
        polls.enter();
        if (awaitsPoll) {
            transport.wakeup();
        }
    }

    /** Called when the application leaves poll, or goes on with code of its own within it. */
    void pollLeft() {
        polls.leave(clock.nanos());
    }

    boolean isInPoll() {
        return polls.isInside();
    }

    /**
     * When the loop's present turn was to end at the latest, but for the work that it does, in nanoseconds of its
     * clock. A loop that is far behind that time is stuck.
     */
    long expectedNanos() {
        return expectedNanos;
    }

    /** The most nanoseconds by which a turn was late. */
    long latestNanos() {
        return latestNanos;
    }

    /** Whether the group was told to go, and the coordinator has not answered. */
    boolean isLeaving() {
        return leaving;
    }

    /** The topics that matched the pattern subscribed to in the newest metadata. */
    Set<String> matchedTopics() {
        return passing.matchedTopics();
    }

    // On the loop's thread.

    /** Carries out one turn. Waits for input until the next deadline at the latest. */
    public void turn() {
        long nowNanos = clock.nanos();
        long lateNanos = nowNanos - expectedNanos;
        latestNanos = Math.max(latestNanos, lateNanos);
        log.recorded().turnLate(lateNanos);
        expectedNanos = nowNanos;
        for (Command command = commands.poll(); command != null; command = commands.poll()) {
            command.apply(engine, nowNanos);
        }
        long held = transport.heldBytes();
        observeGroup();
        boolean events = takeEvents();
        boolean waits = applicationWaits;
        long entries = polls.entries();
        capacityBytes = transport.capacityBytes();
        long epochMillis = clock.epochMillis();
        engine.dispatch(
                transport, new Turn(nowNanos, epochMillis, held, capacityBytes, waits, polls.lastPollNanos(nowNanos)));
        heldAtDispatch = held;
        farAhead = engine.farAhead();
        starvedIs(engine.starved());
        observeGroup();
        events |= takeEvents();
        boolean missedPoll = awaitsPoll && polls.entries() != entries;
        boolean missedReturn = (starved || farAhead) && transport.heldBytes() != held;
        boolean missedWait = farAhead && applicationWaits != waits;
        long wait = events || missedReturn || missedWait || missedPoll ? 0 : untilDeadline(nowNanos);
        reports.take(engine.guard(), nowNanos, epochMillis);
        transport.namedInTrouble(engine.guard().episodes().brokersInTrouble());
        reports.recovered(engine.guard().ladders().takeSteps());
        reports.board().publish(engine.guard().consumerFinding());
        expectedNanos = nowNanos + wait;
        transport.poll(wait, outcomes);
        observeGroup();
        takeEvents();
        tally = engine.tally();
    }

    /** Wakes the application when memory has run out: only it can release some, by consuming or by seeking. */
    private void starvedIs(boolean now) {
        boolean news = now && !starved;
        starved = now;
        if (news) {
            handover.signal();
        }
    }

    /** Notes what the application waits for of its group; before the events that make it look. */
    private void observeGroup() {
        Group group = engine.groupIfAny();
        if (group == null) {
            return;
        }
        awaitsPoll = group.awaitsPoll();
        boolean news = leaving && !group.membership().isLeaving();
        leaving = group.membership().isLeaving();
        if (news) {
            handover.signal();
        }
    }

    private long untilDeadline(long nowNanos) {
        long deadlineNanos = Math.min(engine.nextDeadlineNanos(), transport.nextDeadlineNanos());
        return Math.max(0, Math.min(LONGEST_WAIT_NANOS, deadlineNanos - nowNanos));
    }

    /** Passes on the events of the engine; returns whether there were any. */
    private boolean takeEvents() {
        boolean any = false;
        boolean forApplication = false;
        for (EngineEvent event = engine.pollEvent(); event != null; event = engine.pollEvent()) {
            any = true;
            forApplication |= event.accept(passing);
        }
        if (forApplication) {
            handover.signal();
        }
        return any;
    }

    /** Fails every query and ends the application's wait. No turn may follow. */
    void fail(KafkaException cause) {
        passing.fail(cause);
        handover.signal();
    }

    /**
     * Closes the sessions at their brokers and pushes the last telemetry, as far as that succeeds within {@code
     * timeoutNanos}, then closes the connections. Sessions still receive the outcomes of their requests (I2), but send
     * nothing more. What closing the connections throws is suppressed in an earlier failure.
     */
    public void close(long timeoutNanos) {
        try (transport) {
            closeSessions(Deadline.after(clock.nanos(), timeoutNanos));
        }
    }

    private void closeSessions(long deadlineNanos) {
        List<Request<?>> unsent = new ArrayList<>(engine.close());
        Request<?> telemetry = engine.closeTelemetry();
        if (telemetry != null) {
            unsent.add(telemetry);
        }
        Set<Request<?>> awaited = Collections.newSetFromMap(new IdentityHashMap<>());
        while (clock.nanos() < deadlineNanos) {
            unsent.removeIf(request -> sentOrHopeless(request, awaited));
            if (unsent.isEmpty() && awaited.isEmpty()) {
                return;
            }
            long wait = Math.min(deadlineNanos, transport.nextDeadlineNanos()) - clock.nanos();
            transport.poll(Math.max(0, wait), new Farewell(awaited));
        }
    }

    private boolean sentOrHopeless(Request<?> request, Set<Request<?>> awaited) {
        Readiness readiness = transport.readiness(request.nodeId(), Purpose.CONTROL, clock.nanos());
        if (readiness.isReady() && transport.send(request, clock.nanos())) {
            awaited.add(request);
            return true;
        }
        return readiness.failure() != null;
    }

    private final class Outcomes implements Transport.Outcomes {
        @Override
        public void answered(Request<?> request, Answer answer) {
            engine.answered(request, answer, clock.nanos());
        }

        @Override
        public void failed(Request<?> request, RequestFailure failure) {
            log.failed(request, failure);
            engine.failed(request, failure, clock.nanos());
        }
    }

    /** Takes the outcomes of the requests that close sessions, and passes on those of earlier requests. */
    private final class Farewell implements Transport.Outcomes {
        private final Set<Request<?>> awaited;

        Farewell(Set<Request<?>> awaited) {
            this.awaited = awaited;
        }

        @Override
        public void answered(Request<?> request, Answer answer) {
            if (awaited.remove(request)) {
                answer.release();
            } else {
                engine.answered(request, answer, clock.nanos());
            }
        }

        @Override
        public void failed(Request<?> request, RequestFailure failure) {
            if (!awaited.remove(request)) {
                engine.failed(request, failure, clock.nanos());
            }
        }
    }
}
