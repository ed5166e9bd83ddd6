package dev.surefoot.testkit.simulation.schedule;

/**
 * One act at one moment. The act says what broker, partition and amount mean, if anything.
 *
 * @param atMicros virtual time in microseconds since the start
 * @param broker a broker's id, from 1 on
 * @param partition a partition by its place among all, from 0 on
 * @param member a consumer of the group by its place, from 0 on
 */
public record Event(long atMicros, Act act, int broker, int partition, long amount, int member) {
    /** An event that concerns the only consumer, or none. */
    public Event(long atMicros, Act act, int broker, int partition, long amount) {
        this(atMicros, act, broker, partition, amount, 0);
    }

    /** Returns the same event at another time and broker. */
    public Event moved(long toMicros, int toBroker) {
        return new Event(toMicros, act, toBroker, partition, amount, member);
    }
}
