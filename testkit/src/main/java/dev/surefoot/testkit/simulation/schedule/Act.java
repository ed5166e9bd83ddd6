package dev.surefoot.testkit.simulation.schedule;

/**
 * The acts of a simulated world. Each constant says what the broker, the partition and the amount of its {@link Event}
 * mean, if anything. "The next" request or answer is the next one that the act applies to.
 */
public enum Act {
    // Faults of the wire between the client and a broker.

    /** The wire refuses the next fetch, as when a metadata refresh comes first: its plan is never sent. */
    SEND_REFUSED(Kind.WIRE),
    /** For {@code amount} microseconds the broker's connections take no request: throttled, queue full, back-off. */
    NOT_READY(Kind.WIRE),
    /** The connection is lost before the next request has left. */
    CUT_BEFORE_REQUEST(Kind.WIRE),
    /** The connection is lost when half of the next request has left. */
    CUT_IN_REQUEST(Kind.WIRE),
    /** The connection is lost when the broker has the next request; the client does not get the answer. */
    CUT_AFTER_REQUEST(Kind.WIRE),
    /** The connection is lost when half of the next answer has arrived. */
    CUT_IN_RESPONSE(Kind.WIRE),
    /** The connection is lost right behind the next answer. */
    CUT_AFTER_RESPONSE(Kind.WIRE),
    /** Every connection to the broker is lost, with all requests and answers in transit. */
    CUT_NOW(Kind.WIRE),
    /** The next request is lost; the connection stays up until the client times out. */
    REQUEST_LOST(Kind.WIRE),
    /** The next answer is lost; the connection stays up until the client times out. */
    RESPONSE_LOST(Kind.WIRE),
    /** The next answer to a fetch cannot be decoded, upon which the connection is closed. */
    RESPONSE_MALFORMED(Kind.WIRE),
    /** The next request takes {@code amount} microseconds longer. */
    REQUEST_DELAYED(Kind.WIRE),
    /** The next answer takes {@code amount} microseconds longer. */
    RESPONSE_DELAYED(Kind.WIRE),
    /** The connection is lost when the broker has the next request that is not a fetch. */
    CONTROL_CUT(Kind.WIRE),
    /** The next answer to a request that is not a fetch takes {@code amount} microseconds longer. */
    CONTROL_DELAYED(Kind.WIRE),
    /** For {@code amount} microseconds the broker accepts no connection. */
    CONNECTIONS_REFUSED(Kind.WIRE),

    // Acts of brokers and their operators.

    /** The broker is down for {@code amount} microseconds; its sessions are lost. Other replicas take the lead. */
    BROKER_CRASH(Kind.CLUSTER),
    /** The broker evicts every session of this client. */
    SESSION_EVICTED(Kind.CLUSTER),
    /** Another client uses the session's next epoch. */
    SESSION_ADVANCED(Kind.CLUSTER),
    /** For {@code amount} microseconds the broker has no slot for a new session. */
    NO_SESSION_SLOT(Kind.CLUSTER),
    /** The broker throttles the next fetch, as for a client over its quota. */
    THROTTLED(Kind.CLUSTER),
    /** As {@link #THROTTLED}, but from a broker that writes -1 for a session id. */
    THROTTLED_WITHOUT_SESSION(Kind.CLUSTER),
    /** The broker refuses the next fetch as a whole, with one of three errors. */
    FETCH_REFUSED(Kind.CLUSTER),
    /** The broker becomes the leader of the partition, with all records. */
    LEADER_MOVED(Kind.CLUSTER),
    /** The broker becomes the leader of the partition without its last {@code amount} records. */
    LEADER_UNCLEAN(Kind.CLUSTER),
    /** The broker gets the only copy of the partition. */
    REPLICAS_MOVED(Kind.CLUSTER),
    /** The leader sends consumers of the partition to this broker. */
    REPLICA_PREFERRED(Kind.CLUSTER),
    /** The leader keeps consumers of the partition again. */
    REPLICA_NOT_PREFERRED(Kind.CLUSTER),
    /** Followers show {@code amount} records less of the partition than its leader. */
    FOLLOWERS_LAG(Kind.CLUSTER),
    /** For {@code amount} microseconds the broker answers from the metadata of now. */
    METADATA_STALE(Kind.CLUSTER),
    /** For {@code amount} microseconds metadata has no topic ids. */
    METADATA_WITHOUT_IDS(Kind.CLUSTER),
    /** The partition's topic is deleted and created again, with another id. */
    TOPIC_RECREATED(Kind.CLUSTER),
    /** The partition's topic gets one partition more. */
    PARTITION_ADDED(Kind.CLUSTER),
    /** For {@code amount} microseconds the partition answers with one of six errors. */
    PARTITION_FAILS(Kind.CLUSTER),

    // Bugs of brokers.

    /** The broker's session loses the partition; the client is not informed. */
    SESSION_LOSES_PARTITION(Kind.BROKER_BUG),
    /** The next answer has a partition that is not in the session. */
    EXTRA_PARTITION(Kind.BROKER_BUG),
    /** The next answer has a topic id that is not in the session. */
    EXTRA_TOPIC_ID(Kind.BROKER_BUG),
    /** The next answer carries another session's id. */
    WRONG_SESSION_ID(Kind.BROKER_BUG),
    /** The next answer lacks a partition: any of a full request, or one that an incremental request has just added. */
    PARTITION_MISSING(Kind.BROKER_BUG),
    /** The next answer has a partition twice. */
    PARTITION_TWICE(Kind.BROKER_BUG),
    /** The next answer with records has batches from below the fetch offset instead. */
    LOW_BATCHES(Kind.BROKER_BUG),
    /** The next answer has no high watermark for a partition. */
    NO_HIGH_WATERMARK(Kind.BROKER_BUG),

    // Changes of the logs.

    /** {@code amount} batches are written. */
    WRITTEN(Kind.LOG),
    /** A transaction is begun or gone on with, by {@code amount} batches. */
    WRITTEN_IN_TRANSACTION(Kind.LOG),
    /** The partition's open transactions are committed. */
    TRANSACTION_COMMITTED(Kind.LOG),
    /** The partition's open transactions are aborted. */
    TRANSACTION_ABORTED(Kind.LOG),
    /** Compaction removes every record whose number leaves a remainder of {@code amount} % 3. */
    COMPACTED(Kind.LOG),
    /** Retention removes the first {@code amount} records. */
    RETENTION(Kind.LOG),
    /** The high watermark stays behind for {@code amount} microseconds. */
    HIGH_WATERMARK_HELD(Kind.LOG),

    // The client's machine.

    /** The process stops for {@code amount} microseconds, up to 8 s; what was due meanwhile is late. */
    PROCESS_STALL(Kind.CLOCK),
    /** The wall clock jumps by {@code amount} milliseconds, up to two hours forwards or backwards. */
    WALL_CLOCK_JUMP(Kind.CLOCK),

    // The application.

    /** Seeks the partition to the {@code amount}-th part in 1000 of its log. */
    SEEK(Kind.APPLICATION),
    /** Seeks the partition to the start of its log. */
    SEEK_TO_BEGINNING(Kind.APPLICATION),
    /** Seeks the partition to the end of its log. */
    SEEK_TO_END(Kind.APPLICATION),
    /** Seeks the partition to its stored position, by offset and leader epoch. */
    SEEK_TO_STORED(Kind.APPLICATION),
    /** As {@link #SEEK}, at the very moment at which the loop sends something. */
    SEEK_WHILE_SENDING(Kind.APPLICATION),
    /** A poll at the very moment at which the loop sends something. */
    POLL_WHILE_SENDING(Kind.APPLICATION),
    /** A poll right after the loop has read how much memory is held. */
    POLL_WHILE_MEASURING(Kind.APPLICATION),
    /**
     * The application's thread stops for {@code amount} microseconds between looking for records and waiting for them.
     */
    PREEMPTED(Kind.APPLICATION),
    /** Pauses the partition. */
    PAUSE(Kind.APPLICATION),
    /** Resumes the partition. */
    RESUME(Kind.APPLICATION),
    /** Assigns the partitions whose bits are set in {@code amount}, or all if none would be. */
    ASSIGN(Kind.APPLICATION),
    /** Unassigns the partition and assigns it again at once. */
    REASSIGN(Kind.APPLICATION),
    /** Polls only every {@code amount} microseconds from here on; 0 for without a pause. */
    POLL_SLOWLY(Kind.APPLICATION),
    /** Does not poll for {@code amount} microseconds. */
    NO_POLL(Kind.APPLICATION),
    /** Queries the partitions of a topic, which must affect nothing. */
    ASK_PARTITIONS(Kind.APPLICATION),
    /** Queries end offsets, which must affect nothing. */
    ASK_END_OFFSETS(Kind.APPLICATION),
    /** Closes the consumer, which ends the schedule. */
    CLOSE(Kind.APPLICATION);

    /** The groups of acts, by who does them. */
    public enum Kind {
        WIRE,
        CLUSTER,
        BROKER_BUG,
        LOG,
        CLOCK,
        APPLICATION;
    }

    private final Kind kind;

    Act(Kind kind) {
        this.kind = kind;
    }

    /** The group that the act belongs to. */
    public Kind kind() {
        return kind;
    }
}
