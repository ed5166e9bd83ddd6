package dev.surefoot.assembly;

/** Describes what a class of the user has thrown. */
public final class FailureReason {
    private static final String STATIC_INITIALIZER = "<clinit>";

    private FailureReason() {}

    /**
     * Returns a text with the thrown object, and with its root cause where that says more. Kafka wraps what a
     * constructor throws in an exception that does not repeat its message. An error in a static initializer does not
     * name the class.
     */
    public static String of(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason = String.valueOf(thrown);
        if (root != thrown && !reason.contains(String.valueOf(root.getMessage()))) {
            reason += " (" + root + ")";
        }
        for (StackTraceElement frame : root.getStackTrace()) {
            if (frame.getMethodName().equals(STATIC_INITIALIZER)) {
                return reason + " in the static initializer of " + frame.getClassName();
            }
        }
        return reason;
    }
}
