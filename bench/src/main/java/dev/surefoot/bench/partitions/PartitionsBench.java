package dev.surefoot.bench.partitions;

import dev.surefoot.bench.Median;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures the cost of a fetch for a client, by the number of partitions in its session. Runs on the calling thread.
 *
 * @param warmUpNanos least time for which each client makes fetches before they are measured
 * @param measuredNanos least time for which fetches are measured
 * @param stop called between fetches; once it returns true, measuring ends early
 */
public record PartitionsBench(long warmUpNanos, long measuredNanos, BooleanSupplier stop) {
    /**
     * The time that the fetches of a batch take together: long enough that reading the clock does not affect the
     * result.
     */
    private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int BATCHES_LEAST = 5;
    private static final int WARM_UP_FETCHES = 20_000;

    /** The longest warm-up for the compiler, in multiples of {@code warmUpNanos}. */
    private static final int WARM_UPS_MOST = 10;

    private static final int AUDITED_FETCHES = 20;
    private static final double NANOS_OF_A_MICRO = 1e3;
    private static final double NANOS_OF_A_MILLI = 1e6;

    /**
     * Makes fetches with both clients until the compiler has compiled them, so that the first measurement equals the
     * others.
     */
    public void warmUp() {
        Layout layout = new Layout(100, 10, true);
        try (SurefootSubject surefoot = new SurefootSubject(layout);
                KafkaClientsSubject kafkaClients = new KafkaClientsSubject(layout)) {
            long start = System.nanoTime();
            for (int i = 0; i < WARM_UP_FETCHES && System.nanoTime() - start < WARM_UPS_MOST * warmUpNanos; i++) {
                if (stop.getAsBoolean()) {
                    return;
                }
                surefoot.exchange();
                kafkaClients.exchange();
            }
        }
    }

    /** Measures the shipped consumer: its loop, session and codec, with a scripted broker instead of a network. */
    public PartitionsCost surefoot(int partitions, int changed, boolean scattered) {
        Layout layout = new Layout(partitions, changed, scattered);
        try (SurefootSubject subject = new SurefootSubject(layout)) {
            double setUpMillis = subject.setUpNanos() / NANOS_OF_A_MILLI;
            Samples samples = measure(subject, layout);
            subject.letMetadataBeDue();
            double metadataMillis = (subject.exchange().handleNanos() - samples.handleNanos()) / NANOS_OF_A_MILLI;
            double auditMicros = audit(subject, samples) / NANOS_OF_A_MICRO;
            PartitionsCost.Upkeep upkeep = new PartitionsCost.Upkeep(
                    samples.deliverNanos() / NANOS_OF_A_MICRO, setUpMillis, Math.max(0, metadataMillis), auditMicros);
            return samples.cost(layout, subject.name(), upkeep);
        }
    }

    /** Measures the fetch session handler of kafka-clients, with its own request and response classes. */
    public PartitionsCost kafkaClients(int partitions, int changed, boolean scattered) {
        Layout layout = new Layout(partitions, changed, scattered);
        try (KafkaClientsSubject subject = new KafkaClientsSubject(layout)) {
            return measure(subject, layout).cost(layout, subject.name(), null);
        }
    }

    private Samples measure(Subject subject, Layout layout) {
        long fetches = 0;
        long start = System.nanoTime();
        do {
            subject.exchange();
            fetches++;
        } while (!stop.getAsBoolean()
                && (System.nanoTime() - start < warmUpNanos || wantsWholeCycle(start, fetches, layout)));
        long each = Math.max(1, (System.nanoTime() - start) / fetches);
        int batch = (int) Math.max(1, BATCH_NANOS / each);
        Samples samples = new Samples();
        start = System.nanoTime();
        do {
            samples.add(subject, batch);
        } while (!stop.getAsBoolean()
                && (System.nanoTime() - start < measuredNanos || samples.batches() < BATCHES_LEAST));
        return samples;
    }

    /**
     * Returns whether each partition has to change once more: its first fetch may allocate something for it. A slow
     * client is exempt.
     */
    private boolean wantsWholeCycle(long start, long fetches, Layout layout) {
        return fetches < layout.fetchesOfACycle() && System.nanoTime() - start < 2 * warmUpNanos;
    }

    /**
     * Returns the nanoseconds of an audit of one partition: the time by which fetches with audits take longer, divided
     * by their number.
     */
    private static double audit(SurefootSubject subject, Samples usual) {
        subject.letAuditsBeDue();
        long auditedBefore = subject.audited();
        // A partition that one fetch forgets is added by the next, so the later fetches do both.
        double[] nanos = new double[AUDITED_FETCHES];
        for (int i = 0; i < AUDITED_FETCHES; i++) {
            Exchange exchange = subject.exchange();
            nanos[i] = exchange.planNanos() + exchange.handleNanos() - usual.planNanos() - usual.handleNanos();
        }
        Arrays.sort(nanos);
        double auditedEach = (double) (subject.audited() - auditedBefore) / AUDITED_FETCHES;
        return Math.max(0, nanos[AUDITED_FETCHES / 2] / Math.max(1, auditedEach));
    }

    /** The measured fetches. */
    private static final class Samples {
        private double[] plan = new double[64];
        private double[] handle = new double[64];
        private double[] deliver = new double[64];
        private int batches;
        private long fetches;
        private long allocatedBytes;
        private @Nullable Exchange last;

        void add(Subject subject, int batch) {
            if (batches == plan.length) {
                plan = Arrays.copyOf(plan, 2 * batches);
                handle = Arrays.copyOf(handle, 2 * batches);
                deliver = Arrays.copyOf(deliver, 2 * batches);
            }
            for (int i = 0; i < batch; i++) {
                Exchange exchange = subject.exchange();
                plan[batches] += (double) exchange.planNanos() / batch;
                handle[batches] += (double) exchange.handleNanos() / batch;
                deliver[batches] += (double) exchange.deliverNanos() / batch;
                allocatedBytes += exchange.allocatedBytes();
                last = exchange;
            }
            batches++;
            fetches += batch;
        }

        int batches() {
            return batches;
        }

        double planNanos() {
            return median(plan);
        }

        double handleNanos() {
            return median(handle);
        }

        double deliverNanos() {
            return median(deliver);
        }

        long responseBytes() {
            return last == null ? 0 : last.responseBytes();
        }

        private double median(double[] values) {
            return Median.of(Arrays.copyOf(values, batches));
        }

        PartitionsCost cost(Layout layout, String client, PartitionsCost.@Nullable Upkeep upkeep) {
            return new PartitionsCost(
                    layout.partitions(),
                    layout.changed(),
                    layout.scattered(),
                    client,
                    fetches,
                    planNanos() / NANOS_OF_A_MICRO,
                    handleNanos() / NANOS_OF_A_MICRO,
                    last == null ? 0 : last.requestBytes(),
                    responseBytes(),
                    allocatedBytes / fetches,
                    upkeep);
        }
    }
}
