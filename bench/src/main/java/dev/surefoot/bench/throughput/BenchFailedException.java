package dev.surefoot.bench.throughput;

import org.jspecify.annotations.Nullable;

/** A client could not be measured; the message names it and the workload. */
public final class BenchFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
