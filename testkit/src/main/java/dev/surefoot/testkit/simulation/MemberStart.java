package dev.surefoot.testkit.simulation;

import dev.surefoot.core.engine.EngineSettings;
import dev.surefoot.core.engine.RequestTimeouts;
import dev.surefoot.core.fetch.Fetcher;
import dev.surefoot.core.group.GroupSettings;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.runtime.Assignors;
import dev.surefoot.runtime.ClusterListeners;
import dev.surefoot.runtime.ConsumerMeter;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.EventLog;
import dev.surefoot.runtime.GroupOptions;
import dev.surefoot.runtime.Interceptors;
import dev.surefoot.runtime.PlugIns;
import dev.surefoot.runtime.RuntimeSettings;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.check.GroupLedger;
import dev.surefoot.testkit.simulation.check.GroupStates;
import dev.surefoot.testkit.simulation.check.MemberLedger;
import dev.surefoot.testkit.simulation.check.MemberRequests;
import dev.surefoot.testkit.simulation.guard.GuardTerms;
import dev.surefoot.testkit.simulation.guard.GuardWatch;
import dev.surefoot.testkit.simulation.schedule.GroupShape;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Shape;
import dev.surefoot.testkit.simulation.world.ConsumerProcess;
import dev.surefoot.testkit.simulation.world.GroupWorld;
import dev.surefoot.testkit.simulation.world.Wire;
import dev.surefoot.wire.FetchSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.NOPLogger;

/** Starts the consumers of a group, one after another, each in a process of its own. */
final class MemberStart {
    static final int SESSION_MILLIS = 3_000;
    static final int HEARTBEAT_MILLIS = 500;
    static final int MAX_POLL_MILLIS = 4_000;
    static final long METADATA_AGE_NANOS = 5_000_000_000L;
    private static final long RETRY_BACKOFF_NANOS = 100_000_000L;
    private static final long RETRY_BACKOFF_MAX_NANOS = 1_000_000_000L;
    private static final long API_TIMEOUT_NANOS = 5_000_000_000L;
    private static final long MICROS_PER_MILLI = 1_000_000L;

    private final Schedule schedule;
    private final GroupWorld world;
    private final GroupLedger ledger;
    private final Seams subject;
    private final Verdicts verdicts;
    private final GroupStates states;
    private final SplittableRandom random;
    private final boolean isSound;
    private final List<MemberGuard> guards = new ArrayList<>();
    private int started;

    /** @param isSound whether consumers and coordinator are as they should be, so that what the guard says is judged */
    MemberStart(
            Schedule schedule,
            GroupWorld world,
            GroupLedger ledger,
            Seams subject,
            boolean isSound,
            Verdicts verdicts,
            GroupStates states) {
        this.schedule = schedule;
        this.world = world;
        this.ledger = ledger;
        this.subject = subject;
        this.isSound = isSound;
        this.verdicts = verdicts;
        this.states = states;
        this.random = new SplittableRandom(schedule.seed() + 1);
    }

    /** What looks at the progress of each consumer that was started. */
    List<MemberGuard> guards() {
        return guards;
    }

    /** Starts another consumer beside those that are there. */
    MemberProgram another(List<MemberProgram> live) {
        int number = started++;
        GroupShape group = schedule.shape().group();
        ConsumerProcess process = world.process("c" + number);
        List<ConsumerPartitionAssignor> assignors = assignors(group, number);
        String instanceId = instanceId(live);
        MemberLedger member = ledger.member(process.name(), instanceId != null);
        MemberRequests requests = new MemberRequests(member, ledger, new Assignors(assignors).isCooperative(), states);
        process.wire().watchedBy(requests);
        Seams seams = new Seams(
                subject.transport(),
                new MemberSessions(schedule.shape(), world, verdicts, RETRY_BACKOFF_NANOS).watching(subject.sessions()),
                subject.memberships(),
                process);
        ConsumerRuntime<byte[], byte[]> consumer = ConsumerRuntime.start(
                settings(number, assignors, instanceId),
                process.wire(),
                process,
                seams,
                new PlugIns<>(
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        new Interceptors<>(List.of(), NOPLogger.NOP_LOGGER),
                        new ClusterListeners(List.of()),
                        new ConsumerMeter(new Metrics(), 0),
                        new EventLog(NOPLogger.NOP_LOGGER, process.name()),
                        new Assignors(assignors)));
        Set<String> topics = new TreeSet<>();
        world.partitions().forEach(partition -> topics.add(partition.topic()));
        GuardWatch watch = new GuardWatch(schedule, isSound, world.time()::nanos, world.ends(), process.troubles());
        MemberProgram program = new MemberProgram(
                world, process, consumer, member, requests, new GroupProtocolTerms(group), topics, instanceId);
        MemberGuard guard = new MemberGuard(world, process, consumer, program, watch);
        guards.add(guard);
        consumer.listen(watch.listener());
        guard.begin();
        process.start(program::run);
        return program;
    }

    /** The first static id that no other process has, or null for a dynamic member. */
    private @Nullable String instanceId(List<MemberProgram> live) {
        Set<String> taken = new HashSet<>();
        live.forEach(program -> taken.add(String.valueOf(program.instanceId())));
        for (int i = 0; i < schedule.shape().group().statics(); i++) {
            String id = "static-" + i;
            if (!taken.contains(id)) {
                return id;
            }
        }
        return null;
    }

    private static List<ConsumerPartitionAssignor> assignors(GroupShape group, int number) {
        boolean other = number % 2 == 1;
        return switch (group.assignors()) {
            case RANGE -> List.of(new RangeAssignor());
            case COOPERATIVE -> List.of(new CooperativeStickyAssignor());
            case BOTH -> both();
            case RANGE_AND_BOTH -> other ? List.of(new RangeAssignor()) : both();
            case COOPERATIVE_AND_BOTH ->
                other
                        ? List.of(new CooperativeStickyAssignor())
                        : List.of(new CooperativeStickyAssignor(), new RangeAssignor());
            case UNIFORM, SERVER_RANGE, SWAPPING -> List.of();
        };
    }

    private static List<ConsumerPartitionAssignor> both() {
        return List.of(new RangeAssignor(), new CooperativeStickyAssignor());
    }

    private RuntimeSettings settings(
            int number, List<ConsumerPartitionAssignor> assignors, @Nullable String instanceId) {
        Shape shape = schedule.shape();
        GroupShape shapeOfGroup = shape.group();
        GroupSettings group = new GroupSettings(
                GroupWorld.GROUP,
                instanceId,
                null,
                shapeOfGroup.protocol() == GroupShape.Protocol.CLASSIC
                        ? GroupSettings.Protocol.CLASSIC
                        : GroupSettings.Protocol.CONSUMER,
                new GroupSettings.Timing(
                        SESSION_MILLIS,
                        HEARTBEAT_MILLIS,
                        MAX_POLL_MILLIS,
                        Wire.REQUEST_TIMEOUT_NANOS,
                        RETRY_BACKOFF_NANOS,
                        RETRY_BACKOFF_MAX_NANOS),
                assignors.stream().map(ConsumerPartitionAssignor::name).toList(),
                new Assignors(assignors).isCooperative(),
                null,
                false);
        EngineSettings engine = EngineSettings.builder()
                .reset(shape.reset() == Shape.Reset.LATEST ? new ResetStrategy.Latest() : new ResetStrategy.Earliest())
                .readCommitted(shape.readCommitted())
                .allowAutoTopicCreation(false)
                .metadataMaxAgeNanos(METADATA_AGE_NANOS)
                .retryBackoffNanos(RETRY_BACKOFF_NANOS)
                .retryBackoffMaxNanos(RETRY_BACKOFF_MAX_NANOS)
                .bufferBytes(shape.bufferBytes())
                .fetchMaxBytes(shape.fetchBytes())
                .fetchLimits(new Fetcher.Limits(shape.partitionBytes(), METADATA_AGE_NANOS))
                .guard(GuardTerms.timingInGroup(shape, MAX_POLL_MILLIS * MICROS_PER_MILLI))
                .timeouts(new RequestTimeouts(Wire.REQUEST_TIMEOUT_NANOS, Wire.REQUEST_TIMEOUT_NANOS))
                .group(group, new Uuid(number + 1L, random.nextLong()))
                .build();
        return RuntimeSettings.builder("c" + number, random.nextLong())
                .engine(engine)
                .fetch(new FetchSettings(500, 1, shape.readCommitted(), ""))
                .sessions(shape.sessions())
                .auditIntervalNanos(shape.auditMillis() * MICROS_PER_MILLI)
                .decompressedBatchMaxBytes(1 << 20)
                .decompressionThreads(0)
                .maxPollRecords(shape.pollRecords())
                .group(new GroupOptions(
                        shapeOfGroup.autoCommit(),
                        shapeOfGroup.autoCommitMillis() * MICROS_PER_MILLI,
                        API_TIMEOUT_NANOS))
                .build();
    }
}
