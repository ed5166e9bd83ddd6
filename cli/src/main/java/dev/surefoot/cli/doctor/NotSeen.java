package dev.surefoot.cli.doctor;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What this user may not see, or what did not answer, in phrases. Used by one thread. */
final class NotSeen {

    private final List<String> always;
    private final SortedSet<String> lately = new TreeSet<>();

    /** @param always what was not seen before the first look, and is not asked again */
    NotSeen(List<String> always) {
        this.always = List.copyOf(always);
    }

    void add(String what) {
        lately.add(what);
    }

    /** Returns all, and forgets what may be seen the next time. */
    SortedSet<String> take() {
        SortedSet<String> all = new TreeSet<>(always);
        all.addAll(lately);
        lately.clear();
        return all;
    }
}
