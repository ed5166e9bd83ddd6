package dev.surefoot.cli.doctor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What the looks have shown, in bounded memory: every look of the last 70 s, and up to sixty older ones, evenly spread.
 * The pace of the commits is kept of all looks. Used by one thread.
 */
final class SampleLog {

    /** Longer than any time after which something is called stalled whose pace is not known. */
    static final long RECENT_MS = 70_000;

    private static final int OLDER_MAX = 60;

    private final long windowMs;
    private final Isolation isolation;
    private final Deque<Sample> older = new ArrayDeque<>();
    private final Deque<Sample> recent = new ArrayDeque<>();
    private final Map<TopicPartition, CommitPace> paces = new HashMap<>();

    /** @param windowMs looks that are older than so many milliseconds are forgotten */
    SampleLog(long windowMs, Isolation isolation) {
        this.windowMs = windowMs;
        this.isolation = isolation;
    }

    void add(Sample sample) {
        sample.partitions()
                .forEach((partition, view) -> paces.put(
                        partition,
                        paces.getOrDefault(partition, CommitPace.UNTOLD).after(sample.atMs(), view, isolation)));
        recent.addLast(sample);
        while (sample.atMs() - recent.getFirst().atMs() > RECENT_MS) {
            Sample leaving = recent.removeFirst();
            if (older.isEmpty() || leaving.atMs() - older.getLast().atMs() >= windowMs / OLDER_MAX) {
                older.addLast(leaving);
            }
        }
        while (!older.isEmpty() && sample.atMs() - older.getFirst().atMs() > windowMs) {
            older.removeFirst();
        }
    }

    boolean isEmpty() {
        return recent.isEmpty();
    }

    /** Returns what is remembered, oldest first. */
    List<Sample> samples() {
        List<Sample> all = new ArrayList<>(older);
        all.addAll(recent);
        return all;
    }

    /** Returns the pace of the commits, by partition. */
    Map<TopicPartition, CommitPace> paces() {
        return Map.copyOf(paces);
    }
}
