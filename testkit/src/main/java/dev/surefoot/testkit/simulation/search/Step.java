package dev.surefoot.testkit.simulation.search;

import org.jspecify.annotations.Nullable;

/** The steps of a small world. Those without a fault are the normal course and are unlimited. */
public enum Step implements SearchStep {
    SEND("the client plans a fetch and sends it"),
    ARRIVE("the broker takes in the fetch"),
    ANSWER("the broker reads and answers"),
    DELIVER("the client gets the answer"),
    STRAGGLER("the broker deals with the fetch that the client has given up"),
    TIME("time passes"),
    REFRESH("the client learns new metadata"),
    RECOVER_0("partition 0 can be read again"),
    RECOVER_1("partition 1 can be read again"),
    IDS_BACK("metadata names topic ids again"),
    SLOTS_BACK("the broker has room for sessions again"),
    RESUME_0("the application resumes partition 0"),
    RESUME_1("the application resumes partition 1"),

    DROP_PLAN("the client plans a fetch that the wire does not take", Fault.PLAN_DROPPED),
    LOSE_REQUEST("the connection breaks before the broker has the fetch", Fault.REQUEST_LOST),
    LOSE_ANSWER("the connection breaks before the client has the answer", Fault.ANSWER_LOST),
    GIVE_UP("the client waits no longer for the fetch", Fault.GIVEN_UP),
    EVICT("the broker evicts the session", Fault.EVICTION),
    RESTART("the broker restarts", Fault.RESTART),
    THROTTLE("the broker will throttle the next fetch", Fault.THROTTLING),
    NO_SLOTS("the broker has no room for new sessions", Fault.NO_SLOT),
    LOSE_PARTITION_0("the broker takes in the fetch and loses partition 0 from the session", Fault.PARTITION_LOST),
    LOSE_PARTITION_1("the broker takes in the fetch and loses partition 1 from the session", Fault.PARTITION_LOST),
    EXTRA_PARTITION("a partition nobody asked for gets into the answer", Fault.EXTRA_PARTITION),
    MISSING_PARTITION_0("partition 0 gets lost from the answer", Fault.MISSING_PARTITION),
    MISSING_PARTITION_1("partition 1 gets lost from the answer", Fault.MISSING_PARTITION),
    WRONG_SESSION_ID("the answer gets another session id", Fault.WRONG_SESSION_ID),
    BATCH_BELOW_0("the answer gets the first batch of partition 0 again", Fault.BATCHES_BELOW),
    BATCH_BELOW_1("the answer gets the first batch of partition 1 again", Fault.BATCHES_BELOW),
    REFUSE_SESSION("the answer becomes FETCH_SESSION_ID_NOT_FOUND", Fault.REFUSAL),
    REFUSE_EPOCH("the answer becomes INVALID_FETCH_SESSION_EPOCH", Fault.REFUSAL),
    REFUSE("the answer becomes UNKNOWN_SERVER_ERROR", Fault.REFUSAL),
    FAIL_0("partition 0 cannot be read", Fault.PARTITION_ERROR),
    FAIL_1("partition 1 cannot be read", Fault.PARTITION_ERROR),
    ELECT_0("partition 0 gets a new leader epoch", Fault.ELECTION),
    ELECT_1("partition 1 gets a new leader epoch", Fault.ELECTION),
    RECREATE("the topic is deleted and created again", Fault.RECREATION),
    IDS_MISSING("metadata names topic ids no longer", Fault.IDS_MISSING),
    SEEK_0("the application seeks partition 0 to its beginning", Fault.SEEK),
    SEEK_1("the application seeks partition 1 to its beginning", Fault.SEEK),
    PAUSE_0("the application pauses partition 0", Fault.PAUSE),
    PAUSE_1("the application pauses partition 1", Fault.PAUSE),
    REANNOUNCE_0("the guard has partition 0 announced anew", Fault.LEVER),
    REANNOUNCE_1("the guard has partition 1 announced anew", Fault.LEVER),
    REOPEN("the guard has the session replaced", Fault.LEVER),
    CLOSE("the application closes the consumer", Fault.CLOSE);

    private final String told;
    private final @Nullable Fault fault;

    Step(String told) {
        this.told = told;
        this.fault = null;
    }

    Step(String told, Fault fault) {
        this.told = told;
        this.fault = fault;
    }

    @Override
    public @Nullable Fault fault() {
        return fault;
    }

    @Override
    public String told() {
        return told;
    }

    /** Returns the number of the partition that this step is about; only for steps that are about one. */
    int partition() {
        char last = name().charAt(name().length() - 1);
        if (last != '0' && last != '1') {
            throw new IllegalStateException(this + " is about no partition");
        }
        return last - '0';
    }
}
