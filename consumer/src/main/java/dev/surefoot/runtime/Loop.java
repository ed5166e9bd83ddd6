package dev.surefoot.runtime;

import dev.surefoot.core.engine.Engine;
import dev.surefoot.core.engine.EngineEvent;
import dev.surefoot.core.engine.Question;
import dev.surefoot.core.engine.Unanswered;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.fetch.FetchTally;
import dev.surefoot.core.time.Deadline;
import dev.surefoot.net.Clock;
import dev.surefoot.net.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * One single-threaded step after another: commands of the application, requests that are due, input and output, events.
 * A thread merely repeats {@link #turn}; a simulator turns it by itself. Methods that other threads may call say so.
 */
public final class Loop {
    /**
     * The longest wait for input; only a bound on how long an oversight could last, as everything due has its deadline.
     */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Engine engine;
    private final Transport transport;
    private final Clock clock;
    private final Handover handover;
    private final EventLog log;
    private final ClusterListeners clusterListeners;

    private final ConcurrentLinkedQueue<Command> commands = new ConcurrentLinkedQueue<>();
    private final Map<Long, PendingQuestion> questions = new ConcurrentHashMap<>();
    private final AtomicLong questionIds = new AtomicLong();
    private final Outcomes outcomes = new Outcomes();
    private final Passing passing = new Passing();
    private volatile FetchTally tally = FetchTally.NOTHING;
    /** The replica that a partition is read from instead of its leader; written by the loop, read by any thread. */
    private final Map<TopicPartition, Integer> readReplicas = new ConcurrentHashMap<>();

    private volatile long capacityBytes = Long.MAX_VALUE;
    private volatile boolean starved;
    private volatile boolean farAhead;
    /** Bytes held in the turn that had a fetch wait. */
    private volatile long heldAtDispatch;
    /** Written by the application's thread. */
    private volatile boolean applicationWaits;

    Loop(
            Engine engine,
            Transport transport,
            Clock clock,
            Handover handover,
            EventLog log,
            ClusterListeners clusterListeners) {
        this.engine = engine;
        this.transport = transport;
        this.clock = clock;
        this.handover = handover;
        this.log = log;
        this.clusterListeners = clusterListeners;
    }

    // From any thread.

    /** Has the command carried out in the next turn. */
    void submit(Command command) {
        commands.add(command);
        transport.wakeup();
    }

    /** Puts a question to the cluster; the future completes with the event that answers it, or exceptionally. */
    PendingQuestion ask(LongFunction<Question> question) {
        long id = questionIds.incrementAndGet();
        PendingQuestion pending = new PendingQuestion(id, new CompletableFuture<>(), new AtomicReference<>(List.of()));
        questions.put(id, pending);
        submit((engine, nowNanos) -> engine.ask(question.apply(id)));
        return pending;
    }

    /**
     * A question under way.
     *
     * @param unanswered what has no answer yet and why, as far as the loop knows by now
     */
    record PendingQuestion(
            long id, CompletableFuture<EngineEvent> answer, AtomicReference<List<Unanswered>> unanswered) {}

    /** Lets go of a question that nobody waits for any more. */
    void cancel(PendingQuestion question) {
        questions.remove(question.id());
        submit((engine, nowNanos) -> engine.cancelQuestion(question.id()));
    }

    /** The application may have given memory back; wakes the loop if it has, and a fetch waits for that. */
    void memoryReturned() {
        // A wake-up is a system call, and an application that is behind comes here with every poll.
        if ((starved || farAhead) && transport.heldBytes() < heldAtDispatch) {
            transport.wakeup();
        }
    }

    /** The application has looked for records; wakes the loop if it found none, and a fetch waits for that. */
    void applicationLooked(boolean foundAny) {
        applicationWaits = !foundAny;
        if (!foundAny && farAhead) {
            transport.wakeup();
        }
    }

    /** Whether fetching waits for the application to give memory back, as of the last turn. */
    boolean starved() {
        return starved;
    }

    /** What fetching has done, as of the last turn. */
    FetchTally tally() {
        return tally;
    }

    /** The replica that the partition is read from instead of its leader, or -1. */
    int readReplica(TopicPartition partition) {
        return readReplicas.getOrDefault(partition, -1);
    }

    long heldBytes() {
        return transport.heldBytes();
    }

    /**
     * The most bytes that fetched answers were to occupy in the last turn, where memory is shared with others or short.
     */
    long capacityBytes() {
        return capacityBytes;
    }

    // On the loop's thread.

    /** Carries out one step, waiting for input no longer than until the next deadline. */
    public void turn() {
        long nowNanos = clock.nanos();
        for (Command command = commands.poll(); command != null; command = commands.poll()) {
            command.apply(engine, nowNanos);
        }
        long held = transport.heldBytes();
        boolean events = takeEvents();
        boolean waits = applicationWaits;
        capacityBytes = transport.capacityBytes();
        engine.dispatch(transport, new Turn(nowNanos, clock.epochMillis(), held, capacityBytes, waits));
        heldAtDispatch = held;
        farAhead = engine.farAhead();
        starvedIs(engine.starved());
        events |= takeEvents();
        boolean missedReturn = (starved || farAhead) && transport.heldBytes() != held;
        boolean missedWait = farAhead && applicationWaits != waits;
        long wait = events || missedReturn || missedWait ? 0 : untilDeadline(nowNanos);
        transport.poll(wait, outcomes);
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

    private long untilDeadline(long nowNanos) {
        long deadlineNanos = Math.min(engine.nextDeadlineNanos(), transport.nextDeadlineNanos());
        return Math.max(0, Math.min(LONGEST_WAIT_NANOS, deadlineNanos - nowNanos));
    }

    /** Passes on what the engine has to say; returns whether there was anything. */
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

    /** Passes an event on; says whether the application may wait for it. */
    private final class Passing implements EngineEvent.Visitor<Boolean> {
        @Override
        public Boolean delivered(EngineEvent.Delivered event) {
            handover.deliver(event.delivery());
            return true;
        }

        @Override
        public Boolean brokersChanged(EngineEvent.BrokersChanged event) {
            transport.brokers(event.brokers());
            return false;
        }

        @Override
        public Boolean clusterIdentified(EngineEvent.ClusterIdentified event) {
            clusterListeners.identified(event.clusterId());
            return false;
        }

        @Override
        public Boolean topicsFound(EngineEvent.TopicsFound event) {
            complete(event.questionId(), event);
            return true;
        }

        @Override
        public Boolean offsetsFound(EngineEvent.OffsetsFound event) {
            complete(event.questionId(), event);
            return true;
        }

        @Override
        public Boolean questionFailed(EngineEvent.QuestionFailed event) {
            complete(event.questionId(), event);
            return true;
        }

        @Override
        public Boolean questionDelayed(EngineEvent.QuestionDelayed event) {
            PendingQuestion pending = questions.get(event.questionId());
            if (pending != null) {
                pending.unanswered().set(event.unanswered());
            }
            return false;
        }

        @Override
        public Boolean raised(EngineEvent.Raised event) {
            handover.raise(event.cause());
            return true;
        }

        @Override
        public Boolean sessionDisturbed(EngineEvent.SessionDisturbed event) {
            log.disturbed(event);
            return false;
        }

        @Override
        public Boolean readReplicaChanged(EngineEvent.ReadReplicaChanged event) {
            if (event.replica() < 0) {
                readReplicas.remove(event.partition());
            } else {
                readReplicas.put(event.partition(), event.replica());
            }
            return false;
        }

        @Override
        public Boolean fetchFailed(EngineEvent.FetchFailed event) {
            log.fetchFailed(event);
            return false;
        }

        @Override
        public Boolean positionLost(EngineEvent.PositionLost event) {
            log.lost(event);
            return false;
        }
    }

    private void complete(long questionId, EngineEvent event) {
        PendingQuestion pending = questions.remove(questionId);
        if (pending != null) {
            pending.answer().complete(event);
        }
    }

    /** Ends every question and everything the application may wait for; the loop turns no more. */
    void fail(KafkaException cause) {
        questions.values().forEach(pending -> pending.answer().completeExceptionally(cause));
        handover.signal();
    }

    /**
     * Closes the sessions at their brokers, as far as that succeeds within the time given, then the connections.
     * Sessions hear of the outcomes that still come (I2), and nothing follows from them.
     */
    public void close(long timeoutNanos) {
        try {
            closeSessions(Deadline.after(clock.nanos(), timeoutNanos));
        } finally {
            transport.close();
        }
    }

    private void closeSessions(long deadlineNanos) {
        List<Request<?>> unsent = new ArrayList<>(engine.close());
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

    /**
     * Takes the outcomes of the requests that close sessions, and passes on those of requests that were under way
     * before.
     */
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
