package dev.surefoot.core.error;

/**
 * What code of the application has thrown. That may be a checked exception which its signature does not have: the code
 * may be written in Kotlin, Scala or Groovy. Stateless, safe from any thread.
 */
public final class Thrown {
    private Thrown() {}

    /**
     * Throws this, a checked exception included.
     *
     * @return never; a caller that throws it lets the compiler know that nothing follows
     */
    public static RuntimeException asItIs(Throwable thrown) {
        throw Thrown.<RuntimeException>raise(thrown);
    }

    @SuppressWarnings("unchecked") // the cast is not carried out at run time
    private static <E extends Throwable> RuntimeException raise(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
