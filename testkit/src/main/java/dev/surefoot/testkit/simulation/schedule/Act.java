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
    CLOSE(Kind.APPLICATION),

    // What the consumers of a group do; each is done by one of them, the event's member.

    /** Another consumer starts in the group, unless there are four. */
    MEMBER_STARTED(Kind.MEMBER),
    /** Closes the consumer: as the protocol has it, leaving, or remaining, by {@code amount} % 3. */
    MEMBER_CLOSED(Kind.MEMBER),
    /** The process is gone; its connections break, or if {@code amount} is odd are left hanging. */
    MEMBER_CRASHED(Kind.MEMBER),
    /** The application does not poll for {@code amount} microseconds, perhaps longer than it may. */
    MEMBER_AWAY(Kind.MEMBER),
    /** The process stops for {@code amount} microseconds, its loop included. */
    MEMBER_STOPPED(Kind.MEMBER),
    /** The next call of the listener takes {@code amount} microseconds. */
    LISTENER_SLOW(Kind.MEMBER),
    /** The next call of the listener throws. */
    LISTENER_THROWS(Kind.MEMBER),
    /** The next call of the listener that may seek does so, to the {@code amount}-th part in 1000 of a log. */
    LISTENER_SEEKS(Kind.MEMBER),
    /** The next call of the listener commits and waits. */
    LISTENER_COMMITS(Kind.MEMBER),
    /** The next call of the listener subscribes to other topics. */
    LISTENER_SUBSCRIBES(Kind.MEMBER),
    /** Subscribes to the topics whose bits are set in {@code amount}. */
    SUBSCRIBED_ANEW(Kind.MEMBER),
    /** Gives up the subscription, and subscribes again {@code amount} microseconds later. */
    UNSUBSCRIBED(Kind.MEMBER),
    /** Assigns a partition by itself in place of the subscription, and subscribes again {@code amount} later. */
    ASSIGNED_INSTEAD(Kind.MEMBER),
    /** Commits all positions and waits. */
    COMMIT_SYNC(Kind.MEMBER),
    /** Commits the position of one partition and waits. */
    COMMIT_SYNC_ONE(Kind.MEMBER),
    /** Commits all positions without waiting. */
    COMMIT_ASYNC(Kind.MEMBER),
    /** Commits the position of one partition without waiting. */
    COMMIT_ASYNC_ONE(Kind.MEMBER),
    /**
     * For {@code amount} microseconds polls briefly and commits without waiting after each poll, {@code amount} % 8 + 1
     * times at once, and in each call of the listener as well.
     */
    COMMITS_DENSE(Kind.MEMBER),
    /** Asks for committed offsets, which must affect nothing. */
    ASK_COMMITTED(Kind.MEMBER),
    /** Seeks one of its partitions to the {@code amount}-th part in 1000 of its log. */
    MEMBER_SEEKS(Kind.MEMBER),
    /** Pauses one of its partitions. */
    MEMBER_PAUSES(Kind.MEMBER),
    /** Resumes all of its partitions. */
    MEMBER_RESUMES(Kind.MEMBER),
    /** Has the group rebalanced. */
    REBALANCE_ENFORCED(Kind.MEMBER),
    /** Another thread wakes the consumer. */
    MEMBER_WOKEN(Kind.MEMBER),
    /** Polls by visitor from here on, or if {@code amount} is odd no longer. */
    MEMBER_VISITS(Kind.MEMBER),
    /** Waits {@code amount} microseconds between polls from here on. */
    MEMBER_SLOW(Kind.MEMBER),

    // What goes wrong at the coordinator.

    /** The coordinator moves to the broker, is nowhere for a part of {@code amount} microseconds, then loads. */
    COORDINATOR_MOVED(Kind.COORDINATOR),
    /** The coordinator's broker fails, so that nothing that waits there is answered; otherwise as a move. */
    COORDINATOR_CRASHED(Kind.COORDINATOR),
    /** As a crash that also loses the newest writes, up to {@code amount} % 4 + 1. */
    WRITES_LOST(Kind.COORDINATOR),
    /** The next writes of the coordinator fail. */
    WRITES_FAIL(Kind.COORDINATOR),
    /** A member's session ends at the coordinator. */
    MEMBER_EXPIRED(Kind.COORDINATOR),
    /** The next request of an API is answered with an error, once or a few times. */
    API_REFUSED(Kind.COORDINATOR),
    /** The next request of an API is carried out and its answer lost. */
    GROUP_ANSWER_LOST(Kind.COORDINATOR),
    /** The next request of an API is carried out and its answer held back for {@code amount} microseconds. */
    GROUP_ANSWER_LATE(Kind.COORDINATOR),
    /** A transaction that commits the partition's offset is open for {@code amount} microseconds. */
    OFFSET_UNSTABLE(Kind.COORDINATOR),
    /** The next request over the coordinator's connection is lost, until the client times out. */
    GROUP_REQUEST_LOST(Kind.COORDINATOR),
    /** The coordinator's connection is lost before the next request has left. */
    GROUP_CUT_BEFORE(Kind.COORDINATOR),
    /** The coordinator's connection is lost when the broker has the next request. */
    GROUP_CUT_AFTER(Kind.COORDINATOR);

    /** The groups of acts, by who does them. */
    public enum Kind {
        WIRE,
        CLUSTER,
        BROKER_BUG,
        LOG,
        CLOCK,
        APPLICATION,
        /** The consumers of a group. */
        MEMBER,
        /** A group's coordinator and the way to it. */
        COORDINATOR;

        /** Whether such acts happen only where there is a group. */
        public boolean isOfGroups() {
            return this == MEMBER || this == COORDINATOR;
        }
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
