package dev.surefoot.runtime;

import dev.surefoot.core.cluster.MetadataAnswer;
import dev.surefoot.core.cluster.MetadataAnswer.PartitionMetadata;
import dev.surefoot.core.cluster.MetadataAnswer.TopicMetadata;
import dev.surefoot.core.engine.Engine;
import dev.surefoot.core.engine.EngineParts;
import dev.surefoot.core.engine.EngineSettings;
import dev.surefoot.core.engine.FetchExchange.FetchRequest;
import dev.surefoot.core.engine.FetchExchange.FetchResponse;
import dev.surefoot.core.engine.MetadataExchange.MetadataRequest;
import dev.surefoot.core.engine.MetadataExchange.MetadataResponse;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.position.ResetStrategy;
import dev.surefoot.core.records.Lease;
import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.PartitionAnswer;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.net.ManualClock;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * A loop that is turned by hand, over a transport that a test answers for, with one partition and one broker behind it.
 */
final class LoopWorld {
    static final TopicPartition PARTITION = new TopicPartition("t", 0);
    static final int BROKER = 1;
    static final int BUFFER_BYTES = 1 << 20;
    private static final int SESSION = 77;
    private static final Uuid TOPIC_ID = new Uuid(3, 4);

    final ManualClock clock = new ManualClock();
    final FakeTransport transport = new FakeTransport(clock);
    final Handover handover = new Handover(Threads.REAL);
    final Loop loop;

    LoopWorld() {
        long milli = TimeUnit.MILLISECONDS.toNanos(1);
        EngineSettings settings = EngineSettings.builder()
                .reset(new ResetStrategy.Earliest())
                .allowAutoTopicCreation(false)
                .bufferBytes(BUFFER_BYTES)
                .build();
        SplittableRandom random = new SplittableRandom(5);
        PollTimes polls = new PollTimes();
        Engine engine = new Engine(
                settings,
                EngineParts.of(nodeId -> new VerifiedFetchSession(
                        true, 60_000 * milli, new Backoff(100 * milli, 1000 * milli, random.split()))),
                random.split());
        loop = new Loop(
                engine,
                transport,
                clock,
                handover,
                polls,
                new GuardReports(
                        new ProgressBoard(polls),
                        new StallLog(NOPLogger.NOP_LOGGER, "test"),
                        new RecordedEvents("test")),
                new EventLog(NOPLogger.NOP_LOGGER, "test"),
                new ClusterListeners(List.of()),
                event -> {});
    }

    /** A watch of the loop that writes nothing. */
    LoopWatch watch(Threads.LoopOwner owner) {
        return watch(owner, NOPLogger.NOP_LOGGER);
    }

    /** A watch of the loop that announces after 20 seconds. */
    LoopWatch watch(Threads.LoopOwner owner, Logger log) {
        return new LoopWatch(
                new LoopHealth(loop, owner, TimeUnit.SECONDS.toNanos(20)),
                clock,
                new ProgressBoard(new PollTimes()),
                new StallLog(log, "test"),
                new RecordedEvents("test"));
    }

    /** Assigns the partition at offset 0 and turns until its first fetch is under way. */
    FetchRequest fetching() {
        loop.submit((engine, nowNanos) -> engine.assign(Map.of(PARTITION, 1L), nowNanos));
        loop.submit((engine, nowNanos) -> engine.seek(PARTITION, 1, new FetchPosition(0, -1), nowNanos));
        loop.turn();
        transport.answer(transport.lastSent(MetadataRequest.class), new MetadataResponse(metadata()));
        loop.turn();
        loop.turn();
        return transport.lastSent(FetchRequest.class);
    }

    static MetadataAnswer metadata() {
        List<Integer> replicas = List.of(BROKER);
        PartitionMetadata partition =
                new PartitionMetadata(0, BrokerError.NONE, BROKER, 0, replicas, replicas, List.of());
        return new MetadataAnswer(
                BrokerError.NONE,
                0,
                "cluster",
                List.of(new Node(BROKER, "broker", 9092)),
                List.of(new TopicMetadata("t", TOPIC_ID, BrokerError.NONE, false, List.of(partition))));
    }

    /** Records of the partition from an offset on, in a session. */
    static FetchResponse records(long offset, int count, Lease lease) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(0, null, new byte[] {(byte) i});
        }
        ByteBuffer bytes =
                MemoryRecords.withRecords(offset, Compression.NONE, 0, records).buffer();
        long end = offset + count;
        PartitionAnswer partition =
                new PartitionAnswer(TOPIC_ID, null, 0, BrokerError.NONE, end, end, 0, -1, List.of(), null, null, bytes);
        FetchAnswer answer = new FetchAnswer(BrokerError.NONE, 0, SESSION, List.of(partition), List.of(), lease);
        return new FetchResponse(answer, 100, 200);
    }

    /** A lease that counts its holds. */
    static final class Held implements Lease {
        final AtomicInteger holds = new AtomicInteger(1);
        private final int bytes;

        Held() {
            this(100);
        }

        Held(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public void retain() {
            holds.incrementAndGet();
        }

        @Override
        public void release() {
            if (holds.decrementAndGet() < 0) {
                throw new IllegalStateException("released once too often");
            }
        }

        @Override
        public boolean held() {
            return holds.get() > 0;
        }

        @Override
        public int bytes() {
            return bytes;
        }
    }
}
