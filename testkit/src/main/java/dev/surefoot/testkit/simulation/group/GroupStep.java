package dev.surefoot.testkit.simulation.group;

import dev.surefoot.testkit.simulation.search.SearchStep;
import org.jspecify.annotations.Nullable;

/** The steps of a small group. Those without a fault are the normal course and are unlimited. */
public enum GroupStep implements SearchStep {
    ARRIVE_0("a request of member 0 arrives at the coordinator"),
    ARRIVE_1("a request of member 1 arrives at the coordinator"),
    LEAVE_ARRIVES_0("the leave of member 0 arrives at the coordinator"),
    LEAVE_ARRIVES_1("the leave of member 1 arrives at the coordinator"),
    DELIVER_0("member 0 gets an answer"),
    DELIVER_1("member 1 gets an answer"),
    RETURN_0("the listener or assignor of member 0 returns"),
    RETURN_1("the listener or assignor of member 1 returns"),
    POLL_0("the application of member 0 polls"),
    POLL_1("the application of member 1 polls"),
    STRAGGLER_0("the request arrives that member 0 has given up"),
    STRAGGLER_1("the request arrives that member 1 has given up"),
    JOIN_0("member 0 subscribes"),
    JOIN_1("member 1 subscribes"),
    APPEND("a record is written to each partition"),
    TIME("an interval of heartbeats passes"),

    DELAY("an interval of heartbeats passes although something is under way", GroupFault.DELAY),
    CUT_0("the connection of member 0 breaks", GroupFault.CUT),
    CUT_1("the connection of member 1 breaks", GroupFault.CUT),
    GIVE_UP_0("member 0 waits no longer for its request", GroupFault.GIVEN_UP),
    GIVE_UP_1("member 1 waits no longer for its request", GroupFault.GIVEN_UP),
    MOVE("the coordinator moves", GroupFault.MOVE),
    RELOAD("the coordinator is loaded anew", GroupFault.RELOAD),
    EXPIRE_0("the coordinator ends the session of member 0", GroupFault.EXPIRY),
    EXPIRE_1("the coordinator ends the session of member 1", GroupFault.EXPIRY),
    CRASH_0("member 0 crashes", GroupFault.CRASH),
    CRASH_1("member 1 crashes", GroupFault.CRASH),
    LEAVE_0("member 0 unsubscribes", GroupFault.LEAVE),
    LEAVE_1("member 1 unsubscribes", GroupFault.LEAVE),
    LATE_0("the application of member 0 stays away from poll for too long", GroupFault.LATE_POLL),
    LATE_1("the application of member 1 stays away from poll for too long", GroupFault.LATE_POLL),
    THROW_0("the listener of member 0 throws", GroupFault.LISTENER_THROWS),
    THROW_1("the listener of member 1 throws", GroupFault.LISTENER_THROWS),
    ADD_PARTITION("the topic gets one more partition", GroupFault.PARTITION_ADDED),
    DELETE_TOPIC("the topic is deleted", GroupFault.TOPIC_DELETED);

    private final String told;
    private final @Nullable GroupFault fault;

    GroupStep(String told) {
        this.told = told;
        this.fault = null;
    }

    GroupStep(String told, GroupFault fault) {
        this.told = told;
        this.fault = fault;
    }

    @Override
    public @Nullable GroupFault fault() {
        return fault;
    }

    @Override
    public String told() {
        return told;
    }

    /** Whether this step is about one member. */
    boolean isOfMember() {
        return name().endsWith("_0") || name().endsWith("_1");
    }

    /** Returns the number of the member that this step is about; only for steps that are about one. */
    int member() {
        if (!isOfMember()) {
            throw new IllegalStateException(this + " is about no member");
        }
        return name().charAt(name().length() - 1) - '0';
    }
}
