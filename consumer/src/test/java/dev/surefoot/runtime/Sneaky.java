package dev.surefoot.runtime;

/** Throws whatever it is given, as code can that was compiled by Kotlin or Scala: checked exceptions included. */
final class Sneaky {
    private Sneaky() {}

    static void sneak(Throwable thrown) {
        Sneaky.<RuntimeException>as(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void as(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
