package dev.surefoot.net;

/**
 * The messages of an exception and of what caused it, in one line: what Kafka's and the JDK's classes wrap is what
 * matters.
 */
final class CauseWords {
    /** More causes than any library wraps; a chain may be a ring. */
    private static final int CAUSES_MAX = 10;

    private CauseWords() {}

    /** The messages of the whole chain, each once; the class stands for an exception without a message. */
    static String of(Throwable thrown) {
        StringBuilder words = new StringBuilder();
        Throwable next = thrown;
        for (int depth = 0; next != null && depth < CAUSES_MAX; depth++, next = next.getCause()) {
            String message = next.getMessage() == null ? next.getClass().getSimpleName() : next.getMessage();
            if (words.indexOf(message) < 0) {
                words.append(words.isEmpty() ? "" : ": ").append(message);
            }
        }
        return words.toString();
    }
}
