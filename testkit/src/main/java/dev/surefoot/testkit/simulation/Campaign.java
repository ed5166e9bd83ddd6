package dev.surefoot.testkit.simulation;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.ScheduleMix;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/**
 * Many runs, one for each seed from {@code firstSeed} on, on several threads. The number of threads changes no run.
 * Safe from any thread.
 */
public final class Campaign {
    /** Seeds that a thread takes at a time; few enough that all threads end at about the same time. */
    private static final int SEEDS_AT_ONCE = 64;

    private final LongFunction<Schedule> schedules;
    private final Seams subject;
    private final long firstSeed;
    private final long count;
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong violations = new AtomicLong();
    private final Queue<Long> failingSeeds = new ConcurrentLinkedQueue<>();

    /**
     * @param schedules returns the schedule of a seed
     * @param subject what takes the place of shipped parts
     * @param firstSeed the first seed
     * @param count the most seeds to run
     */
    public Campaign(LongFunction<Schedule> schedules, Seams subject, long firstSeed, long count) {
        this.schedules = schedules;
        this.subject = subject;
        this.firstSeed = firstSeed;
        this.count = count;
    }

    /** Returns a campaign of the shipped consumer, with the schedules that this scheduler draws. */
    public static Campaign ofShipped(Scheduler scheduler, long firstSeed, long count) {
        return new Campaign(scheduler::draw, Seams.NONE, firstSeed, count);
    }

    /** Returns a campaign of shipped consumers, with and without groups. */
    public static Campaign ofShipped(ScheduleMix mix, long firstSeed, long count) {
        return new Campaign(mix::draw, Seams.NONE, firstSeed, count);
    }

    /** Returns how many runs have ended so far. */
    public long done() {
        return done.get();
    }

    /** Returns how many of the runs that have ended broke a property. */
    public long violations() {
        return violations.get();
    }

    /**
     * Returns the seeds of the first runs that broke a property, in the order of their ends.
     *
     * @param most how many, at most
     */
    public List<Long> failingSeeds(int most) {
        return failingSeeds.stream().limit(most).toList();
    }

    /**
     * Runs until all seeds are done, or until {@code stop} is true.
     *
     * @param threads how many threads run, 1 or more
     * @param stop asked by each thread between its runs
     * @throws InterruptedException if this thread is interrupted; the others then end soon
     */
    public CampaignReport run(int threads, BooleanSupplier stop) throws InterruptedException {
        long start = System.nanoTime();
        ExecutorService pool = Executors.newFixedThreadPool(threads, Campaign::thread);
        try {
            List<Callable<CampaignReport.Part>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                parts.add(() -> runPart(stop));
            }
            List<CampaignReport.Part> ended = new ArrayList<>();
            for (Future<CampaignReport.Part> part : pool.invokeAll(parts)) {
                ended.add(part.get());
            }
            return CampaignReport.of(ended, System.nanoTime() - start);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the simulator itself has failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static Thread thread(Runnable what) {
        Thread thread = new Thread(what, "simulation");
        thread.setDaemon(true);
        return thread;
    }

    private CampaignReport.Part runPart(BooleanSupplier stop) {
        CampaignReport.Part part = new CampaignReport.Part();
        while (!stop.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            long from = taken.getAndAdd(SEEDS_AT_ONCE);
            if (from >= count) {
                break;
            }
            for (long i = from; i < Math.min(count, from + SEEDS_AT_ONCE); i++) {
                Outcome outcome = Simulation.run(schedules.apply(firstSeed + i), subject, false);
                part.add(outcome);
                done.incrementAndGet();
                if (outcome.violation() != null) {
                    violations.incrementAndGet();
                    failingSeeds.add(firstSeed + i);
                }
            }
        }
        return part;
    }
}
