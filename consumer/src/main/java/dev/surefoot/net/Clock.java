package dev.surefoot.net;

/** Where the loop's time comes from; virtual in a simulation. */
public interface Clock {

    /** The machine's time. */
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
     * The wall-clock time in milliseconds since 1970-01-01T00:00Z, which may jump; used for nothing but resets by
     * duration.
     */
    long epochMillis();
}
