package dev.surefoot.runtime;

/** Counts the records that one poll has taken. */
final class Consumption {
    private int records;

    /** Counts a record that was taken. */
    void add() {
        records++;
    }

    int records() {
        return records;
    }
}
