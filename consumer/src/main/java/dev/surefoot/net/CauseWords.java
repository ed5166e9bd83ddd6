package dev.surefoot.net;

/**
 * Joins the messages of an exception and of its causes in one line: the cause that Kafka's and the JDK's classes wrap
 * says most.
 */
final class CauseWords {
    /** More causes than any library nests. The chain may be a cycle. */
    private static final int CAUSES_MAX = 10;

    private CauseWords() {}

    /**
     * Returns the messages of the whole chain, each once. For an exception without a message its class name is used.
     */
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
