package dev.surefoot.net;

/** Where the loop's time comes from; virtual in a simulation. */
public interface Clock {

    /** A clock that counts real nanoseconds from an arbitrary origin. */
    Clock SYSTEM = System::nanoTime;

    /** Nanoseconds since an arbitrary origin; never goes back. Values may be negative: compare differences. */
    long nanos();
}
