package dev.surefoot.cli.doctor;

/** Why a partition stands, or that it does not: who can change it, and what to do. */
enum Cause {
    CAUGHT_UP(Party.NOBODY, "Everything is read."),
    PROGRESSING(Party.NOBODY, "It advances."),
    NOTHING_DELIVERABLE(
            Party.NOBODY,
            "Nothing is wrong: after the committed offset there are only transaction markers, aborted records or gaps"
                    + " of compaction."),
    UNDECIDED(
            Party.NOBODY,
            "Look longer (--for 90s, or more than the interval at which this group commits): many clients commit once"
                    + " a minute."),
    NOT_READ(
            Party.NOBODY, "No group has members or commits here. Readers without a group cannot be seen from outside."),
    NOT_SEEN(
            Party.CLUSTER,
            "Look again. If it stays so, check that the group and the topic still exist, that all brokers run, and"
                    + " whether --timeout is long enough."),
    NOT_AUTHORIZED(Party.CLUSTER, "Grant DESCRIBE on the topic to the user of this command, and look again."),
    TOPIC_DELETED(
            Party.APPLICATION,
            "The topic or partition is gone. If that was meant, take it out of the subscription; its committed"
                    + " offsets expire by themselves."),
    COORDINATOR_MISSING(
            Party.CLUSTER,
            "No broker coordinates the group: check that __consumer_offsets has leaders, and"
                    + " offsets.topic.replication.factor."),
    COORDINATOR_LOADING(
            Party.CLUSTER,
            "Loading ends by itself. If it takes long, that partition of __consumer_offsets is huge: check its"
                    + " compaction."),
    COORDINATOR_UNREACHABLE(
            Party.NETWORK, "Check the broker that coordinates the group, and the network on the way to it."),
    NO_MEMBERS(
            Party.APPLICATION,
            "Nobody consumes: start the application, or find out why its members have left. A reader that assigns"
                    + " partitions itself (Flink, Spark) is no member; if it commits more seldom than this was looked"
                    + " at, look longer (--for)."),
    JOINING_GROUP(
            Party.APPLICATION,
            "A rebalance does not end. Some member does not poll, or starts again and again: the group waits for it up"
                    + " to its max.poll.interval.ms."),
    AWAITING_RELEASE(
            Party.APPLICATION,
            "The member that still holds the partition has to give it up: its application does not poll, or does not"
                    + " return from onPartitionsRevoked."),
    NOT_SUBSCRIBED(
            Party.APPLICATION,
            "No member has partitions of this topic. If it is to be read, check the subscription of the members; if"
                    + " not, delete the old offsets (kafka-consumer-groups.sh --delete-offsets)."),
    NOT_ASSIGNED(
            Party.APPLICATION,
            "The topic is read, but no member has this partition: check the assignor, and restart the members."),
    NO_LEADER(Party.CLUSTER, "All replicas that may lead are down: start one of their brokers."),
    LISTENER_MISSING(
            Party.CLUSTER, "The leader runs but lacks the listener that this address belongs to: check listeners."),
    LEADER_UNREACHABLE(Party.NETWORK, "Check the broker that leads the partition, and the network on the way to it."),
    NEVER_COMMITTED(
            Party.APPLICATION,
            "The member commits nothing here. If it keeps its offsets elsewhere, nothing is wrong; otherwise check"
                    + " enable.auto.commit, its calls of commit, and its log."),
    COMMITTED_OFFSET_UNSTABLE(
            Party.APPLICATION,
            "A commit is part of an open transaction. Its producer has to end it; until then no member that starts"
                    + " gets its committed offset."),
    OFFSET_OUT_OF_RANGE(
            Party.APPLICATION,
            "Unread records were deleted. At its next fetch the client resets by auto.offset.reset, or fails: compare"
                    + " retention with lag, and the client's log."),
    LOG_TRUNCATED(
            Party.CLUSTER,
            "The log is shorter than what was committed: an unclean election has cut it, or the topic was created"
                    + " again. Check unclean.leader.election.enable; the client resets its position, or fails."),
    TRANSACTION_OPEN(
            Party.APPLICATION,
            "Members that read committed records wait for the producer to end its transaction; the coordinator aborts"
                    + " it at its timeout."),
    TRANSACTION_HANGING(
            Party.CLUSTER,
            "Nobody is left who ends the transaction. Abort it with the command below (needs ALTER on the cluster)."),
    RETENTION_RACE(
            Party.APPLICATION,
            "Retention is about to delete what is not read yet: read faster (more members or partitions), or raise"
                    + " retention.ms at once."),
    APPLICATION_NOT_POLLING(
            Party.APPLICATION,
            "Take a stack trace of the member's process (jstack, or its debugger): its processing probably hangs or is"
                    + " slow, it fails at that record again and again, or it does not commit."),
    CLIENT_FAULT(
            Party.CLIENT,
            "The member reads other partitions and not this one: it may have paused it, or its client has lost it."
                    + " Keep its log, then restart that member."),
    BROKER_SLOW(
            Party.CLUSTER,
            "What stands is all led by one broker: look at its log, disks and load, or move leadership away from it.");

    /** Who can change it. */
    enum Party {
        NOBODY,
        APPLICATION,
        CLIENT,
        CLUSTER,
        NETWORK
    }

    private final Party party;
    private final String advice;

    Cause(Party party, String advice) {
        this.party = party;
        this.advice = advice;
    }

    /** Returns who can change it. */
    Party party() {
        return party;
    }

    /** Returns what to do, in sentences. */
    String advice() {
        return advice;
    }
}
