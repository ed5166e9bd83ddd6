package dev.surefoot.testkit.progress;

import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.StallCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long it took to name each cause that was brought about. Used by one thread. */
public final class CauseTable {
    private final String title;
    private final List<String> rows = new ArrayList<>();

    /** @param title the surefoot.stall.patience.ms and the like, in words */
    public CauseTable(String title) {
        this.title = title;
    }

    /** @param secondsToStall seconds until it counted as a stall, or below 0 if that was not waited for */
    void add(StallCause cause, String injection, double secondsToName, double secondsToStall, Diagnosis diagnosis) {
        String stalled = secondsToStall < 0 ? "-" : String.format(Locale.ROOT, "%.1f s", secondsToStall);
        rows.add(String.format(
                Locale.ROOT,
                "| %s | %s | %.1f s | %s | %s |",
                cause,
                injection,
                secondsToName,
                stalled,
                diagnosis.evidence().sentence()));
    }

    /** Prints the table. */
    public void print() {
        System.out.println(title);
        System.out.println("| cause | brought about by | named after | a stall after | evidence |");
        System.out.println("|---|---|---|---|---|");
        rows.forEach(System.out::println);
    }
}
