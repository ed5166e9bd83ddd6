package dev.surefoot.net;

/** The source of the loop's time; virtual in a simulation. Safe from any thread. */
public interface Clock {

    /** The system's clocks. */
    Clock SYSTEM = new Clock() {
        private final long origin = System.nanoTime();

        @Override
        public long nanos() {
            return System.nanoTime() - origin;
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }
    };

    /** Nanoseconds since an arbitrary origin, never negative; never goes back. */
    long nanos();

    /**
     * The wall-clock time in milliseconds since 1970-01-01T00:00Z, which may jump. Used for resets by duration only.
     */
    long epochMillis();
}
