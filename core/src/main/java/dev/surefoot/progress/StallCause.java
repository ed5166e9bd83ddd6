package dev.surefoot.progress;

/**
 * Why a partition does not advance, or that it does: every partition has exactly one cause at any time. The list may
 * grow in later releases, so a {@code switch} over it needs a default.
 */
public enum StallCause {
    // The client.
    LOOP_DEAD(
            Responsible.CLIENT,
            Patience.FAILS_AT_ONCE,
            "The consumer's loop has ended by an error. Close this consumer and make a new one; report the exception."),
    LOOP_STUCK(
            Responsible.CLIENT,
            Patience.FULL,
            "Something blocks the consumer's loop, for example a TLS or login module. See the frames of its thread."),
    PROCESS_PAUSED(
            Responsible.APPLICATION,
            Patience.NO_STALL,
            "The process did not run for a while: look for long garbage collections, CPU limits, a suspended machine."),
    MEMORY_EXHAUSTED(
            Responsible.APPLICATION,
            Patience.HALF,
            "Raise -XX:MaxDirectMemorySize or the heap, or lower surefoot.buffer.bytes and fetch.max.bytes."),
    CLIENT_FAULT(
            Responsible.CLIENT,
            Patience.FULL,
            "A fault of this client: restart the consumer, and report the attached evidence."),
    UNEXPLAINED(
            Responsible.CLIENT,
            Patience.FULL,
            "No known cause fits: restart the consumer, and report the attached evidence as a fault of this client."),

    // The group.
    COORDINATOR_MISSING(
            Responsible.CLUSTER,
            Patience.FULL,
            "The group has no coordinator: check that __consumer_offsets has leaders, and"
                    + " offsets.topic.replication.factor on a small cluster."),
    COORDINATOR_UNREACHABLE(
            Responsible.NETWORK, Patience.FULL, "The group's coordinator cannot be reached: check that broker."),
    COORDINATOR_LOADING(
            Responsible.CLUSTER,
            Patience.TRIPLE,
            "The coordinator loads the group's offsets; this passes. If it does not, its partition is large."),
    GROUP_NOT_AUTHORIZED(Responsible.CLUSTER, Patience.FAILS_AT_ONCE, "Grant this principal READ on the group."),
    GROUP_REFUSED(
            Responsible.APPLICATION,
            Patience.FAILS_AT_ONCE,
            "The coordinator refuses this member: compare partition.assignment.strategy, group.protocol and"
                    + " session.timeout.ms with the other members and the broker's limits."),
    INSTANCE_FENCED(
            Responsible.GROUP,
            Patience.FAILS_AT_ONCE,
            "Another member uses the same group.instance.id: give each its own, and stop the one that is not wanted."),
    JOINING_GROUP(
            Responsible.GROUP,
            Patience.MINUTE,
            "The group rebalances. If it does not end, a member does not poll; the group waits for it up to its"
                    + " max.poll.interval.ms."),
    EVICTED_FOR_SLOW_POLL(
            Responsible.APPLICATION,
            Patience.STALLS_AT_ONCE,
            "The application was out of poll for longer than max.poll.interval.ms: lower max.poll.records, or raise"
                    + " max.poll.interval.ms."),
    OWNS_NOTHING(
            Responsible.NOBODY,
            Patience.NO_STALL,
            "The group has given this member no partition: there are more members than partitions, or no topic"
                    + " matches."),
    NOT_ASSIGNED(Responsible.NOBODY, Patience.NO_STALL, "The partition is not assigned to this consumer."),
    COMMITTED_OFFSET_UNSTABLE(
            Responsible.DATA,
            Patience.TRANSACTION,
            "The group's offset is part of an open transaction: end or abort it, and look for a producer that hangs."),
    GROUP_UNSTABLE(
            Responsible.GROUP,
            Patience.NO_STALL,
            "Members come and go: look for restarts, for members that poll too late, for a short session.timeout.ms."),
    COMMIT_FAILING(
            Responsible.CLUSTER,
            Patience.NO_STALL,
            "Reading goes on, but offsets are not committed: after a restart it is repeated."),

    // The application.
    PAUSED(
            Responsible.APPLICATION,
            Patience.NO_STALL,
            "The application has paused the partition; resume() ends that. A pause outlives a seek."),
    APPLICATION_NOT_POLLING(
            Responsible.APPLICATION,
            Patience.POLL_INTERVAL,
            "Data waits, and the application does not poll: move slow work off the polling thread, or lower"
                    + " max.poll.records."),
    DESERIALIZER_SLOW(
            Responsible.APPLICATION,
            Patience.MINUTE,
            "A deserializer, interceptor or visitor has not returned: see the frames of the polling thread."),
    APPLICATION_SLOW(
            Responsible.APPLICATION,
            Patience.NO_STALL,
            "Records come faster than they are processed: add members or partitions, or process faster."),
    BUFFER_FULL_OF_OTHERS(
            Responsible.APPLICATION,
            Patience.FULL,
            "Other partitions hold the memory for fetched data: resume or seek those, or raise"
                    + " surefoot.buffer.bytes."),
    RECORD_UNDESERIALIZABLE(
            Responsible.DATA,
            Patience.FAILS_AT_ONCE,
            "The deserializer refuses this record: seek past it, or set surefoot.on.bad.record when that suits."),
    DESERIALIZER_FAILING(
            Responsible.APPLICATION,
            Patience.FAILS_AT_ONCE,
            "Not one record but the deserializer fails: it is the wrong class, or its registry cannot be reached."),
    HANDLER_FAILING(
            Responsible.APPLICATION, Patience.FAILS_AT_ONCE, "The handler of bad records throws; nothing was skipped."),

    // The data.
    BATCH_CORRUPT(
            Responsible.DATA,
            Patience.FAILS_AT_ONCE,
            "The log of that broker is damaged: check its disks, and move the leadership to a replica that is sound."),
    BATCH_UNDECOMPRESSABLE(
            Responsible.DATA, Patience.FAILS_AT_ONCE, "The codec is not available, or the data is damaged."),
    RECORD_TOO_LARGE(
            Responsible.APPLICATION,
            Patience.FAILS_AT_ONCE,
            "Raise surefoot.decompressed.batch.max.bytes, fetch.max.bytes or max.partition.fetch.bytes above the size"
                    + " of the record."),
    OFFSET_OUT_OF_RANGE(
            Responsible.DATA,
            Patience.FAILS_AT_ONCE,
            "Records were deleted before they were read, or the log is shorter than it was: seek, or set"
                    + " auto.offset.reset; compare the retention with the lag."),
    NO_INITIAL_OFFSET(
            Responsible.APPLICATION,
            Patience.FAILS_AT_ONCE,
            "There is no committed offset and auto.offset.reset is none: seek, or set auto.offset.reset."),
    LOG_TRUNCATED(
            Responsible.CLUSTER,
            Patience.FAILS_AT_ONCE,
            "A broker has lost records that were read: seek; check unclean.leader.election.enable."),
    TRANSACTION_OPEN(
            Responsible.DATA,
            Patience.TRANSACTION,
            "An open transaction holds the end of what may be read: its producer has to end it, or its timeout does."),
    TRANSACTION_HANGING(
            Responsible.CLUSTER,
            Patience.STALLS_AT_ONCE,
            "No coordinator knows the open transaction: find it with kafka-transactions.sh find-hanging, and abort it"
                    + " there."),
    NOTHING_DELIVERABLE(
            Responsible.NOBODY,
            Patience.NO_STALL,
            "What comes next is aborted, compacted or control records, or nothing is left of it: none is for the"
                    + " application."),

    // The topic.
    TOPIC_MISSING(
            Responsible.APPLICATION,
            Patience.HALF,
            "The topic does not exist: check its name and the cluster, or create it."),
    TOPIC_DELETED(
            Responsible.CLUSTER,
            Patience.HALF,
            "The topic was deleted. If that is meant, take it out of the assignment."),
    TOPIC_RECREATED(
            Responsible.CLUSTER, Patience.NO_STALL, "The topic was deleted and created anew; the new one is read."),
    PARTITION_MISSING(
            Responsible.APPLICATION,
            Patience.HALF,
            "The topic has fewer partitions than this one's number: check the assignment."),
    NOT_AUTHORIZED(Responsible.CLUSTER, Patience.FAILS_AT_ONCE, "Grant this principal READ and DESCRIBE on the topic."),

    // The cluster and the network.
    BOOTSTRAP_UNREACHABLE(
            Responsible.NETWORK,
            Patience.FULL,
            "No broker of bootstrap.servers can be reached: check addresses, ports, firewalls, security.protocol."),
    NAME_UNRESOLVED(
            Responsible.NETWORK,
            Patience.FULL,
            "The host name that the broker advertises is not known here: fix advertised.listeners or name service."),
    TLS_FAILING(
            Responsible.APPLICATION,
            Patience.FULL,
            "TLS fails: check the trust store and the host name. A client without TLS at a TLS port fails so too."),
    AUTHENTICATION_FAILING(
            Responsible.APPLICATION,
            Patience.FULL,
            "The broker refuses the credentials: check user, password, mechanism, expiry."),
    VERSION_UNSUPPORTED(
            Responsible.CLUSTER,
            Patience.FAILS_AT_ONCE,
            "Client and broker have no version of this request in common: upgrade the older one."),
    NO_LEADER(
            Responsible.CLUSTER,
            Patience.FULL,
            "The partition has no leader: all replicas that may lead are down. Start one of these brokers."),
    LISTENER_MISSING(
            Responsible.CLUSTER,
            Patience.HALF,
            "The leader has no listener of the kind that this client uses: fix its listeners."),
    LEADER_UNREACHABLE(
            Responsible.NETWORK, Patience.FULL, "The partition's leader cannot be reached: check that broker."),
    METADATA_STALE(
            Responsible.CLUSTER,
            Patience.FULL,
            "No broker answers what the cluster looks like, so leaders may be out of date."),
    THROTTLED(
            Responsible.CLUSTER,
            Patience.MINUTE,
            "The quota of this client id or user is used up: raise consumer_byte_rate, or read less."),
    CONNECTION_HALF_OPEN(
            Responsible.NETWORK,
            Patience.FULL,
            "The connection carries nothing any more; a firewall may drop idle ones: set connections.max.idle.ms below"
                    + " its limit."),
    LINK_TOO_SLOW(
            Responsible.NETWORK,
            Patience.FULL,
            "Answers are larger than the network carries in request.timeout.ms: lower fetch.max.bytes, or raise"
                    + " request.timeout.ms."),
    BROKER_SLOW(
            Responsible.CLUSTER,
            Patience.FULL,
            "The broker takes long to answer: check its disks, CPU and request queue."),
    REMOTE_TIER_SLOW(
            Responsible.CLUSTER,
            Patience.TRIPLE,
            "The records are in remote storage, and the broker does not get them in time: see"
                    + " remote.fetch.max.wait.ms and its quotas."),
    BROKER_ERRORS(Responsible.CLUSTER, Patience.FULL, "The broker answers with an error: see its log."),
    FOLLOWER_BEHIND(
            Responsible.CLUSTER,
            Patience.FULL,
            "The follower that the leader names is behind it, or cannot be reached: check whether it is in sync."),
    LOOKING_UP_POSITION(
            Responsible.CLUSTER,
            Patience.FULL,
            "The position is being looked up, and the broker has not answered yet."),
    FETCH_SLOW(
            Responsible.NETWORK,
            Patience.NO_STALL,
            "The broker or the network is slower than the application: see fetch.max.bytes and surefoot.buffer.bytes."),

    // The fetch session.
    SESSION_DIVERGED(
            Responsible.CLUSTER,
            Patience.STALLS_AT_ONCE,
            "The broker's answers contradict the fetch session: look for a proxy that mixes connections of clients."),
    SESSION_THRASH(
            Responsible.CLUSTER,
            Patience.NO_STALL,
            "The broker drops fetch sessions that are in use: raise max.incremental.fetch.session.cache.slots."),
    PARTITION_LOST_FROM_SESSION(
            Responsible.CLUSTER,
            Patience.HALF,
            "The broker has records of the partition and does not send them in this session; report the broker's"
                    + " version."),
    LOG_DOES_NOT_LEAD_ON(
            Responsible.CLUSTER,
            Patience.STALLS_AT_ONCE,
            "The broker sends data that does not lead beyond the position: check the log of the partition there."),

    // No stall.
    CAUGHT_UP(Responsible.NOBODY, Patience.NO_STALL, "All records that may be read were read."),
    PROGRESSING(Responsible.NOBODY, Patience.NO_STALL, "The position moves."),
    STARTING(Responsible.NOBODY, Patience.FULL, "The partition was assigned, sought or resumed a moment ago.");

    /** How long a cause may last, without progress meanwhile, before it counts as a stall. */
    public enum Patience {
        /** It is no stall. */
        NO_STALL,
        /** It fails at once: the application or a person has to act. */
        FAILS_AT_ONCE,
        /** It is a stall at once: what it is concluded from took long enough. */
        STALLS_AT_ONCE,
        /** Half of {@code surefoot.stall.patience.ms}: the cluster has said so itself. */
        HALF,
        /** {@code surefoot.stall.patience.ms}: it may pass by itself. */
        FULL,
        /** Three times {@code surefoot.stall.patience.ms}: it takes long, and passes. */
        TRIPLE,
        /** A minute. */
        MINUTE,
        /** {@code max.poll.interval.ms}, for a member of a group four fifths of it. */
        POLL_INTERVAL,
        /** 20 minutes: the 15 minutes that a broker allows a transaction by default, and the time to end it. */
        TRANSACTION
    }

    private final Responsible responsible;
    private final Patience patience;
    private final String advice;

    StallCause(Responsible responsible, Patience patience, String advice) {
        this.responsible = responsible;
        this.patience = patience;
        this.advice = advice;
    }

    /** Returns how long the cause may last before it counts as a stall. */
    public Patience patience() {
        return patience;
    }

    /** Returns who can remove the cause. */
    public Responsible responsible() {
        return responsible;
    }

    /** Returns what to do about it, in one or two sentences. */
    public String advice() {
        return advice;
    }
}
