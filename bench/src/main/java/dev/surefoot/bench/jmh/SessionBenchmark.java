package dev.surefoot.bench.jmh;

import dev.surefoot.core.session.FetchAnswer;
import dev.surefoot.core.session.FetchPlan;
import dev.surefoot.core.session.Verdict;
import dev.surefoot.core.session.VerifiedFetchSession;
import dev.surefoot.core.time.Backoff;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.record.internal.CompressionType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Time for one exchange of a session in which the same ten partitions change: set the targets, plan, check the answer.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SessionBenchmark {
    private static final int CHANGED = 10;

    /** Partitions of the session. */
    @Param({"100", "10000", "100000"})
    public int partitions;

    private final List<TopicIdPartition> changing = new ArrayList<>();
    private VerifiedFetchSession session = newSession();
    private ByteBuffer batch = ByteBuffer.allocate(0);
    private long offset;
    private long nowNanos;

    private static VerifiedFetchSession newSession() {
        return new VerifiedFetchSession(true, Long.MAX_VALUE / 2, new Backoff(0, 0, new SplittableRandom(1)));
    }

    /** Opens the session with a full fetch. */
    @Setup(Level.Trial)
    public void open() {
        ByteBuffer written = RecordBytes.batches(CompressionType.NONE, 1000, 1000, 100);
        batch = ByteBuffer.allocateDirect(written.remaining()).put(written).flip();
        session = newSession();
        offset = 0;
        changing.clear();
        for (int number = 0; number < partitions; number++) {
            TopicIdPartition partition = FetchSample.partition(number);
            session.want(partition.topicPartition(), partition.topicId(), FetchSample.target(0));
            if (number % (partitions / CHANGED) == 0) {
                changing.add(partition);
            }
        }
        FetchPlan full = session.plan(true, true, nowNanos);
        session.sent(full);
        session.answered(full, FetchSample.answer(full.partitions().keySet(), 0, ByteBuffer.allocate(0)), nowNanos);
    }

    /**
     * One exchange. The records start at the offset that the request before named, as in a consumer that reads at the
     * end of the log.
     */
    @Benchmark
    public Verdict exchange() {
        nowNanos++;
        FetchPlan plan = session.plan(true, true, nowNanos);
        session.sent(plan);
        batch.putLong(0, offset);
        FetchAnswer answer = FetchSample.answer(changing, offset + 10, batch);
        Verdict verdict = session.answered(plan, answer, nowNanos);
        if (!(verdict instanceof Verdict.Accepted accepted)
                || accepted.reports().size() != CHANGED) {
            throw new IllegalStateException("the session does not take the answer: " + verdict);
        }
        offset += 10;
        for (TopicIdPartition partition : changing) {
            session.want(partition.topicPartition(), partition.topicId(), FetchSample.target(offset));
        }
        return verdict;
    }
}
