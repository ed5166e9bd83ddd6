package dev.surefoot.cli.consume;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Buffered output that delays no record for long: the buffer is flushed when its first record is
 * {@link #WAIT_MAX_NANOS} old, however many records follow. A flush for each record would cost a system call for each.
 *
 * <p>It reads the clock only when it is called, so its user must not block while {@link #holdsRecords()}.
 */
final class PromptOutput {

    /** Below what a person notices; 50 flushes a second cost nothing measurable. */
    static final long WAIT_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Reading the clock for each record would cost a few percent of the speed. */
    static final int RECORDS_BETWEEN_LOOKS = 64;

    private final OutputStream buffered;
    private final LongSupplier nanoClock;
    private long records;
    private long oldestNanos;

    PromptOutput(OutputStream buffered, LongSupplier nanoClock) {
        this.buffered = buffered;
        this.nanoClock = nanoClock;
    }

    void write(RecordFormat format, ConsumerRecord<byte[], byte[]> entry) throws IOException {
        format.write(entry, buffered);
        if (records == 0) {
            oldestNanos = nanoClock.getAsLong();
        }
        records++;
        if (records % RECORDS_BETWEEN_LOOKS == 0) {
            flushIfDue();
        }
    }

    /** Returns whether records may still be in the buffer. */
    boolean holdsRecords() {
        return records > 0;
    }

    /** Flushes if the first record in the buffer has waited long enough. */
    void flushIfDue() throws IOException {
        if (records > 0 && nanoClock.getAsLong() - oldestNanos >= WAIT_MAX_NANOS) {
            flush();
        }
    }

    /** Flushes the buffer. If that fails, {@link #holdsRecords()} stays as it is. */
    void flush() throws IOException {
        buffered.flush();
        records = 0;
    }
}
