package dev.surefoot.core.guard;

/**
 * What the guard remembers of the application: since when it is in poll or out of it, as of the rounds that have seen
 * it. Owned by the loop's thread.
 */
final class ApplicationLedger {
    private final ApplicationView view;
    private long crossings;
    private boolean inPoll;
    private long sinceNanos = PartitionLedger.NEVER;
    private long readNanos = PartitionLedger.NEVER;

    ApplicationLedger(ApplicationView view) {
        this.view = view;
    }

    /** Takes note of whether the application has entered or left poll since the last round. */
    void look(long nowNanos) {
        inPoll = view.isInPoll();
        long now = view.crossings();
        if (now != crossings) {
            crossings = now;
            sinceNanos = nowNanos;
        }
    }

    /** Takes note that it was seen to read on in some partition, or of {@link PartitionLedger#NEVER}. */
    void readAt(long atNanos) {
        readNanos = Math.max(readNanos, atNanos);
    }

    /** When it was last seen to read on in any partition, or {@link PartitionLedger#NEVER}. */
    long readNanos() {
        return readNanos;
    }

    boolean isInPoll() {
        return inPoll;
    }

    /** How many records in a row its deserializers have refused. */
    int refusals() {
        return view.refusals();
    }

    /**
     * When it was first seen to be in poll, or out of it, without a change since; {@link PartitionLedger#NEVER} before
     * its first poll.
     */
    long sinceNanos() {
        return sinceNanos;
    }
}
