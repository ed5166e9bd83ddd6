package dev.surefoot.testkit.simulation;

import dev.surefoot.core.guard.RecoveryLevel;
import dev.surefoot.core.session.FetchSession;
import dev.surefoot.core.session.FetchTarget;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.runtime.ClusterListeners;
import dev.surefoot.runtime.ConsumerMeter;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.EventLog;
import dev.surefoot.runtime.Interceptors;
import dev.surefoot.runtime.PlugIns;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.check.GroupStates;
import dev.surefoot.testkit.simulation.check.SessionOracle;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.check.Wording;
import dev.surefoot.testkit.simulation.guard.GuardWatch;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Shape;
import dev.surefoot.testkit.simulation.world.OneThread;
import dev.surefoot.testkit.simulation.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.NOPLogger;

/**
 * One run of the shipped consumer, from its loop to its poll, in a world in which the events of one schedule happen.
 * Single-threaded and in virtual time; the same schedule gives the same run, to the byte. Started by {@link #run}.
 */
public final class Simulation {
    private static final long MILLI = 1_000_000L;
    private static final long MICRO = 1_000L;
    /** Time to read everything after the faults have ended, in addition to two audit intervals. */
    private static final long LIVENESS_NANOS = 30_000 * MILLI;
    /**
     * The longest time for which a partition may stay in the session of a broker from which nothing else is fetched.
     */
    private static final long LEAVE_NANOS = 15_000 * MILLI;

    private static final long WRITE_AGAIN_NANOS = 1_000 * MILLI;
    private static final long CALM_NANOS = 200 * MILLI;
    private static final long LONGEST_DELAY_NANOS = 500 * MILLI;
    private static final Duration ONE_POLL = Duration.ofMillis(100);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Schedule schedule;
    private final RecoveryLevel recovery;
    /** Whether sessions and the guard are judged, and not only what the application gets. */
    private final boolean judged;

    private long healedNanos;
    private final World world;
    private final OneThread threads;
    private final Application application;
    private final GuardWatch guard;
    private final Verdicts verdicts = new Verdicts();
    /** The newest session with each broker. */
    private final Map<Integer, SessionOracle> sessions = new LinkedHashMap<>();

    Simulation(Schedule schedule, Seams subject, RecoveryLevel recovery, boolean judged, boolean told) {
        this.schedule = schedule;
        this.recovery = recovery;
        this.judged = judged;
        this.world = new World(schedule, told);
        this.threads = new OneThread(world);
        Seams seams = new Seams(
                subject.transport(), shipped -> watched(subject.sessions().apply(shipped(shipped))), threads);
        this.guard = new GuardWatch(
                schedule, subject.equals(Seams.NONE), world.time()::nanos, world.ends(), world.troubles());
        ConsumerRuntime<byte[], byte[]> consumer = consumer(seams);
        consumer.listen(guard.listener());
        this.application = new Application(
                world, threads, consumer, guard, schedule.shape().pollRecords());
    }

    /** Runs a schedule with the shipped consumer. */
    public static Outcome run(Schedule schedule) {
        return run(schedule, Seams.NONE, false);
    }

    /**
     * Runs a schedule.
     *
     * @param subject what takes the place of shipped parts
     * @param told whether the outcome contains the story of the run
     */
    public static Outcome run(Schedule schedule, Seams subject, boolean told) {
        if (schedule.shape().group().exists()) {
            return GroupSimulation.run(schedule, GroupSubject.of(subject), told);
        }
        Simulation simulation = new Simulation(schedule, subject, RecoveryLevel.CONNECTION, true, told);
        Violation violation = simulation.run();
        return new Outcome(
                schedule,
                violation,
                simulation.world.counts(),
                simulation.verdicts,
                simulation.guard.counts(),
                new GroupStates(),
                simulation.world.story().lines());
    }

    private ConsumerRuntime<byte[], byte[]> consumer(Seams seams) {
        return ConsumerRuntime.start(
                SimulatedSettings.of(schedule, recovery),
                world.wire(),
                threads,
                seams,
                new PlugIns<>(
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        new Interceptors<>(List.of(), NOPLogger.NOP_LOGGER),
                        new ClusterListeners(List.of()),
                        new ConsumerMeter(new Metrics(), 0),
                        new EventLog(NOPLogger.NOP_LOGGER, "simulated")));
    }

    private long auditNanos() {
        return schedule.shape().auditMillis() * MILLI;
    }

    /** Returns the shipped handler; its sessions begin near the largest epoch if the shape says so. */
    private FetchSession.Factory shipped(FetchSession.Factory asShipped) {
        Shape shape = schedule.shape();
        if (shape.firstSessionEpoch() == 1) {
            return asShipped;
        }
        SplittableRandom random = new SplittableRandom(schedule.seed());
        return nodeId -> new VerifiedFetchSession(
                shape.sessions(),
                auditNanos(),
                new Backoff(
                        SimulatedSettings.RETRY_BACKOFF_NANOS,
                        SimulatedSettings.RETRY_BACKOFF_MAX_NANOS,
                        random.split()),
                shape.firstSessionEpoch());
    }

    private FetchSession.Factory watched(FetchSession.Factory subject) {
        if (!judged) {
            return subject;
        }
        Shape shape = schedule.shape();
        SessionOracle.Terms terms = new SessionOracle.Terms(
                shape.sessions(), auditNanos(), shape.firstSessionEpoch(), SimulatedSettings.RETRY_BACKOFF_NANOS / 2);
        return nodeId -> {
            SessionOracle oracle = new SessionOracle(subject.open(nodeId), nodeId, terms, new Surroundings());
            sessions.put(nodeId, oracle);
            return oracle;
        };
    }

    World world() {
        return world;
    }

    Application application() {
        return application;
    }

    GuardWatch guard() {
        return guard;
    }

    /** When the last fault has ended. */
    long healedNanos() {
        return healedNanos;
    }

    @Nullable Violation run() {
        try {
            play();
            return null;
        } catch (Violation violation) {
            return toldOf(violation);
        } catch (FetchSessionIdNotFoundException | InvalidFetchSessionEpochException e) {
            return toldOf(new Violation("I29", "the application has to hear of a session's trouble", e));
        } catch (KafkaException | IllegalStateException | IllegalArgumentException e) {
            return toldOf(new Violation("X1", String.valueOf(e.getMessage()), e));
        }
    }

    private Violation toldOf(Violation violation) {
        world.story().tell(() -> "!! " + violation.getMessage());
        sessions.values().forEach(session -> world.story().tell(() -> "   " + standing(session)));
        return violation;
    }

    private String standing(SessionOracle session) {
        int id = session.liveSessionId();
        Map<TopicIdPartition, FetchTarget> held = id == 0 ? null : world.held(session.nodeId(), id);
        return "broker " + session.nodeId() + ": the client has to believe in " + session.belief()
                + (held == null ? "" : "; the broker holds " + Wording.targets(held));
    }

    private void play() {
        application.assignAll();
        for (Event event : schedule.events()) {
            application.liveUntil(event.atMicros() * MICRO);
            if (event.act() == Act.CLOSE) {
                world.counts().happened(Act.CLOSE);
                application.close(CLOSING);
                nothingHeld();
                return;
            }
            if (event.act().kind() == Act.Kind.APPLICATION && application.perform(event)) {
                world.counts().happened(event.act());
            }
        }
        while (world.isEventful()) {
            application.liveUntil(Math.max(lastEvent(), world.time().nanos() + MILLI));
        }
        settle();
    }

    private long lastEvent() {
        List<Event> events = schedule.events();
        return events.isEmpty() ? 0 : events.get(events.size() - 1).atMicros() * MICRO + 1;
    }

    /** Checks that, after the faults have ended, everything is read, memory is released, and sessions are in order. */
    private void settle() {
        world.heal();
        application.settle();
        long healedAt = world.time().nanos();
        healedNanos = healedAt;
        long deadline = healedAt + LIVENESS_NANOS + 2 * auditNanos();
        readEverythingUntil(deadline);
        hearOfEverythingUntil(deadline);
        readEverythingUntil(world.time().nanos() + LIVENESS_NANOS);
        // By now the last lost connection is open again, and the last fetched memory is released.
        application.liveUntil(world.time().nanos() + CALM_NANOS);
        nothingHeld();
        leaveNothingBehind(healedAt);
        if (world.counts().of(Act.REPLICA_PREFERRED) > 0) {
            returnToLeaders(healedAt);
        }
        if (judged && schedule.seed() % 4 == 0) {
            // In one run of four only: these checks take as long as all others together.
            new Promptness(world, threads, application).demand(schedule.shape());
        }
        close(healedAt);
    }

    /**
     * Polls until every partition has delivered a new record: a position at the end of a log may belong to a log that
     * was deleted.
     */
    private void hearOfEverythingUntil(long deadline) {
        long before = world.lastWritten();
        while (!application.hasHeardOfAllSince(before)) {
            if (world.time().nanos() > deadline) {
                throw new Violation("L1", "nothing comes of what is written, " + application.unread());
            }
            world.write(1);
            long patience = world.time().nanos() + WRITE_AGAIN_NANOS;
            while (!application.hasHeardOfAllSince(before) && world.time().nanos() < patience) {
                application.poll(ONE_POLL);
            }
        }
    }

    private void nothingHeld() {
        if (world.wire().heldBytes() != 0) {
            throw new Violation(
                    "M1", world.wire().heldBytes() + " bytes are still held, and nobody reads them any more");
        }
    }

    private void readEverythingUntil(long deadline) {
        while (!application.hasReadEverything()) {
            if (world.time().nanos() > deadline) {
                throw new Violation("L1", "after all faults have stopped, " + application.unread());
            }
            application.poll(ONE_POLL);
        }
    }

    /**
     * Returns whether the client must still have the session: it used it since {@code healedAt}, and knew the broker
     * all the time.
     */
    private boolean isKept(SessionOracle session, long healedAt) {
        return session.lastSentNanos() >= healedAt && world.wire().isKnownSince(session.nodeId(), healedAt);
    }

    private void leaveNothingBehind(long healedAt) {
        long deadline = world.time().nanos() + LEAVE_NANOS;
        for (SessionOracle session : sessions.values()) {
            while (isKept(session, healedAt) && !session.leftBehind().isEmpty()) {
                if (world.time().nanos() > deadline) {
                    throw new Violation(
                            "I26",
                            "broker " + session.nodeId() + " still holds " + session.leftBehind()
                                    + ", which have moved away");
                }
                application.poll(ONE_POLL);
            }
        }
    }

    /** Checks that the client fetches from the leader again when its time with a follower is over (KIP-392). */
    private void returnToLeaders(long healedAt) {
        // An answer that names a follower may still be in transit when the faults end.
        application.liveUntil(healedAt + SimulatedSettings.METADATA_AGE_NANOS + LONGEST_DELAY_NANOS + CALM_NANOS);
        for (SessionOracle session : sessions.values()) {
            Map<TopicIdPartition, FetchTarget> held = world.held(session.nodeId(), session.liveSessionId());
            if (session.lastSentNanos() < healedAt || held == null) {
                continue;
            }
            for (TopicIdPartition key : held.keySet()) {
                TopicPartition name = key.topicPartition();
                if (!world.leads(session.nodeId(), name)
                        && !session.leftBehind().contains(name)) {
                    throw new Violation("L3", name + " is still read from broker " + session.nodeId() + ", a follower");
                }
            }
        }
    }

    private void close(long healedAt) {
        Map<Integer, Integer> live = new LinkedHashMap<>();
        for (SessionOracle session : sessions.values()) {
            if (isKept(session, healedAt) && session.liveSessionId() != 0) {
                live.put(session.nodeId(), session.liveSessionId());
            }
        }
        // Closing a session may need a new connection.
        world.wire().cutControl();
        application.liveUntil(world.time().nanos() + CALM_NANOS);
        application.close(CLOSING);
        nothingHeld();
        live.forEach((nodeId, sessionId) -> {
            if (world.hasSession(nodeId, sessionId)) {
                throw new Violation("I30", "session " + sessionId + " of broker " + nodeId + " was left open");
            }
        });
    }

    private final class Surroundings implements SessionOracle.Surroundings {
        @Override
        public long nanos() {
            return world.time().nanos();
        }

        @Override
        public @Nullable Map<TopicIdPartition, FetchTarget> heldByBroker(int nodeId, int sessionId) {
            return world.held(nodeId, sessionId);
        }

        @Override
        public int epochAtBroker(int nodeId, int sessionId) {
            return world.epoch(nodeId, sessionId);
        }

        @Override
        public void judged(int nodeId, Verdict verdict) {
            verdicts.add(verdict);
        }
    }
}
