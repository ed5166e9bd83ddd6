package dev.surefoot.net;

import java.util.Collection;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Closes several parts, each of them once, also if closing another one throws. Stateless, safe from any thread. */
public final class Closing {
    private Closing() {}

    /**
     * Closes the parts in the order given.
     *
     * @throws RuntimeException the first failure, with the later ones suppressed in it; an {@link Error} is thrown as
     *     it is, and a checked exception within a {@link KafkaException}
     */
    public static void all(Collection<? extends AutoCloseable> parts) {
        Throwable first = close(parts, null);
        if (first instanceof Error error) {
            throw error;
        } else if (first instanceof RuntimeException exception) {
            throw exception;
        } else if (first != null) {
            throw new KafkaException(first);
        }
    }

    /** Closes the parts in the order given because of a failure. What they throw is suppressed in it. */
    public static void after(Throwable failure, Collection<? extends AutoCloseable> parts) {
        close(parts, failure);
    }

    private static @Nullable Throwable close(Collection<? extends AutoCloseable> parts, @Nullable Throwable failure) {
        Throwable first = failure;
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Throwable e) { // the remaining parts are to be closed even after an Error
                if (first == null) {
                    first = e;
                } else if (first != e) { // nothing can be suppressed in itself
                    first.addSuppressed(e);
                }
            }
        }
        return first;
    }
}
