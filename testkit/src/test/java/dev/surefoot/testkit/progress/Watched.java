package dev.surefoot.testkit.progress;

import dev.surefoot.SurefootConsumer;
import dev.surefoot.assembly.SeamedConsumers;
import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.ProgressListener;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.Stall;
import dev.surefoot.progress.StallCause;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.Await;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that an application's thread polls, while the test asks from its own thread why it does not advance. The
 * times that it measures go into a {@link CauseTable}.
 */
public final class Watched implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** What a busy machine may add to a bound. */
    private static final double NOISE_SECONDS = 10;

    /** What no listener hears of, as the loop's thread would have to call it. */
    private static final Set<StallCause> SAID_BY_OTHERS = EnumSet.of(StallCause.LOOP_STUCK, StallCause.LOOP_DEAD);

    /** What the application does in turn. */
    @FunctionalInterface
    public interface Step {
        void run(SurefootConsumer<byte[], byte[]> consumer) throws InterruptedException;
    }

    private final SurefootConsumer<byte[], byte[]> consumer;
    private final Thread application;
    private volatile boolean ends;
    private volatile long injectedNanos = System.nanoTime();
    private Duration patience = PATIENCE;
    private double boundSeconds = Double.MAX_VALUE;
    private volatile @Nullable Step next;
    private final Set<StallCause> announced = ConcurrentHashMap.newKeySet();

    private Watched(SurefootConsumer<byte[], byte[]> consumer, Consumer<SurefootConsumer<byte[], byte[]>> first) {
        this.consumer = consumer;
        consumer.addProgressListener(new ProgressListener() {
            @Override
            public void stalled(Stall stall) {
                announced.add(stall.why().cause());
            }
        });
        this.application = new Thread(() -> live(first), "application");
    }

    private static Watched started(
            SurefootConsumer<byte[], byte[]> consumer, Consumer<SurefootConsumer<byte[], byte[]>> first) {
        Watched watched = new Watched(consumer, first);
        watched.application.start();
        return watched;
    }

    /** Opens a consumer that polls without a pause. Its exceptions do not end the application. */
    public static Watched open(Map<String, Object> config, Consumer<SurefootConsumer<byte[], byte[]>> first) {
        return started(new SurefootConsumer<>(config), first);
    }

    /** The same, with other parts in the place of shipped ones. */
    static Watched open(Map<String, Object> config, Seams seams, Consumer<SurefootConsumer<byte[], byte[]>> first) {
        return started(
                (SurefootConsumer<byte[], byte[]>) SeamedConsumers.<byte[], byte[]>open(config, null, null, seams),
                first);
    }

    private void live(Consumer<SurefootConsumer<byte[], byte[]>> first) {
        first.accept(consumer);
        while (!ends) {
            try {
                Step step = next;
                next = null;
                if (step != null) {
                    step.run(consumer);
                }
                consumer.poll(Duration.ofMillis(50));
            } catch (KafkaException e) {
                // It polls again, as applications do.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Has the application's thread do this before its next poll. */
    void has(Step step) {
        next = step;
        Await.until("the application has begun its step", PATIENCE, () -> next == null);
    }

    /** Has the application's thread stay out of poll until it is closed. */
    void stopPolling() {
        has(consumer -> Thread.sleep(Long.MAX_VALUE));
    }

    /**
     * Has the next causes named within a bound, which is a promise of a machine that is not busy.
     *
     * @param seconds from the fault to the name
     */
    Watched within(double seconds) {
        boundSeconds = seconds;
        patience = PATIENCE.plusSeconds((long) seconds);
        return this;
    }

    /** Brings a fault about, from which on time is measured. */
    Watched inject(Fault fault) throws Exception {
        injectedNanos = System.nanoTime();
        fault.begin();
        return this;
    }

    /** What brings a fault about. */
    @FunctionalInterface
    interface Fault {
        void begin() throws Exception;
    }

    /** Waits until a partition's cause is this one, whatever its severity. */
    public void awaitCause(TopicPartition partition, StallCause cause) {
        await(cause + " for " + partition, () -> consumer.progress(partition).why(), cause, Severity.FINE);
    }

    /** Waits until the consumer has as many partitions. */
    void awaitAssigned(int count) {
        Await.until(
                count + " partitions",
                PATIENCE,
                () -> consumer.progress().summary().assigned() == count);
    }

    /** Notes when the cause of a partition is named and, unless it is a fine one or takes long, when it is a stall. */
    public void record(CauseTable table, TopicPartition partition, StallCause cause, String injection) {
        record(table, () -> consumer.progress(partition).why(), cause, injection, Severity.STALLED);
    }

    /** Notes when the cause of a partition is named. */
    public void recordName(CauseTable table, TopicPartition partition, StallCause cause, String injection) {
        record(table, () -> consumer.progress(partition).why(), cause, injection, Severity.FINE);
    }

    /** As {@link #record}, of the consumer as a whole. */
    void recordWhole(CauseTable table, StallCause cause, String injection, Severity least) {
        record(table, () -> consumer.progress().consumer(), cause, injection, least);
    }

    /** Notes when a concern is named. */
    void recordConcern(CauseTable table, StallCause cause, String injection) {
        Diagnosis named = Await.value(
                cause + " by " + injection,
                patience,
                () -> consumer.progress().concerns().stream()
                        .filter(concern -> concern.cause() == cause)
                        .findFirst());
        table.add(cause, injection, checked(cause, seconds()), -1, named);
    }

    private double checked(StallCause cause, double secondsToName) {
        if (secondsToName > boundSeconds + NOISE_SECONDS) {
            throw new AssertionError(
                    cause + " was named after " + secondsToName + " s, not within " + boundSeconds + " s");
        }
        return secondsToName;
    }

    private void record(
            CauseTable table, Supplier<Diagnosis> source, StallCause cause, String injection, Severity least) {
        Diagnosis named = await(cause + " by " + injection, source, cause, Severity.FINE);
        double secondsToName = checked(cause, seconds());
        if (least == Severity.FINE) {
            table.add(cause, injection, secondsToName, -1, named);
            return;
        }
        Diagnosis stalled = await(cause + " as a stall by " + injection, source, cause, least);
        if (least.compareTo(Severity.STALLED) >= 0 && !SAID_BY_OTHERS.contains(cause)) {
            Await.until("a listener has heard of " + cause, patience, () -> announced.contains(cause));
        }
        table.add(cause, injection, secondsToName, seconds(), stalled);
    }

    private double seconds() {
        return (System.nanoTime() - injectedNanos) / 1e9;
    }

    private Diagnosis await(String what, Supplier<Diagnosis> source, StallCause cause, Severity least) {
        try {
            return Await.value(
                    what,
                    patience,
                    () -> Optional.of(source.get())
                            .filter(why ->
                                    why.cause() == cause && why.severity().compareTo(least) >= 0));
        } catch (IllegalStateException e) {
            throw new AssertionError(e.getMessage() + "; it is " + source.get(), e);
        }
    }

    /** The causes of the stalls that a listener has heard of. */
    Set<StallCause> announced() {
        return Set.copyOf(announced);
    }

    SurefootConsumer<byte[], byte[]> consumer() {
        return consumer;
    }

    @Override
    public void close() {
        ends = true;
        application.interrupt();
        try {
            application.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Thread.interrupted();
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
    }
}
