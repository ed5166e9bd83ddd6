package dev.surefoot.runtime;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a thread is in, as evidence of what keeps it. */
final class Frames {
    private static final int MOST = 5;

    private Frames() {}

    /** Returns the methods that the thread is in, innermost first, five at most; empty without a thread. */
    static List<String> of(@Nullable Thread thread) {
        return thread == null
                ? List.of()
                : Arrays.stream(thread.getStackTrace())
                        .limit(MOST)
                        .map(StackTraceElement::toString)
                        .toList();
    }
}
