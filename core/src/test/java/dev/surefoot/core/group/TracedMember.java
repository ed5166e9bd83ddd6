package dev.surefoot.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.cluster.TopicDirectory;
import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.exchange.Answer;
import dev.surefoot.core.exchange.BrokerChoice;
import dev.surefoot.core.exchange.Deadlines;
import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Purpose;
import dev.surefoot.core.exchange.Readiness;
import dev.surefoot.core.exchange.Reply;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorRequest;
import dev.surefoot.core.group.FindCoordinator.FindCoordinatorResponse;
import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.MemberAssignment;
import dev.surefoot.core.time.Backoff;
import dev.surefoot.core.time.Deadline;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.jspecify.annotations.Nullable;

/**
 * A member of either protocol that writes down everything that leaves it: requests, notices, effects, events, and when
 * it is due next. A test plays its brokers and its application, in virtual time.
 */
final class TracedMember implements Outbox {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    /** How often the coordinators of these tests want to hear from a member of the consumer protocol. */
    static final int INTERVAL_MS = 2_000;

    static final Uuid T = new Uuid(1, 1);
    static final Uuid U = new Uuid(2, 1);
    private static final Node NODE = new Node(1, "one", 9092);

    private record UnderWay<A extends Answer>(Request<A> request, Reply<A> reply) {
        void answer(Answer answer, long nowNanos) {
            reply.answered(request.answerType().cast(answer), nowNanos);
        }
    }

    final GroupSettings settings;
    final Membership membership;
    final Coordinator coordinator;
    final TopicDirectory topics = new TopicDirectory();
    final List<String> trace = new ArrayList<>();
    /** Whether it is written down what happens; otherwise the trace only grows. */
    boolean traces = true;

    /** Every request that was handed over; cleared by a test. */
    final List<Request<?>> sent = new ArrayList<>();

    /** How often the application was told that it has left. */
    int lefts;

    final ArrayDeque<GroupNotice> mail = new ArrayDeque<>();
    final MemberRules rules;
    private final List<UnderWay<?>> underWay = new ArrayList<>();
    /** What was under way on a connection that was given up, until its reply hears of it. */
    private final List<UnderWay<?>> givenUp = new ArrayList<>();

    private final Map<String, Integer> partitions = new TreeMap<>(Map.of("t", 2));

    /** What the application has taken and not answered. */
    @Nullable GroupNotice inHand;

    /** What brokers can be reached; replaced by a test. */
    Readiness readiness = new Readiness.Ready(true, true);

    @Nullable RequestFailure noBroker;

    /** How often metadata was asked for. */
    int refreshes;

    Map<String, MemberAssignment> plan = Map.of();
    boolean refusesRequests;
    private boolean polling = true;
    private long leftPollNanos = Turn.NEVER_POLLED;
    long now = SECOND;
    private long dueNanos = Deadline.NEVER;
    private String lastStanding = "";
    private String lastDue = "";

    TracedMember(GroupSettings settings) {
        this.settings = settings;
        GroupSettings.Timing timing = settings.timing();
        Backoff backoff =
                new Backoff(timing.retryBackoffNanos(), timing.retryBackoffMaxNanos(), new SplittableRandom(1));
        this.coordinator = new Coordinator("g", timing.requestTimeoutNanos(), new Brokers(), backoff, this::apply);
        this.membership = switch (settings.protocol()) {
            case CLASSIC -> new ClassicMembership(settings, coordinator, topics, new SplittableRandom(2), this::apply);
            case CONSUMER ->
                new ConsumerMembership(
                        settings,
                        new Uuid(7, 7),
                        coordinator,
                        topics,
                        new Backoff(timing.retryBackoffNanos(), timing.retryBackoffMaxNanos(), new SplittableRandom(3)),
                        this::apply);
        };
        this.rules = new MemberRules(this);
        leavePoll();
    }

    private final class Brokers implements BrokerChoice {
        @Override
        public Choice choose(Outbox outbox, long nowNanos) {
            return new Choice(8, noBroker == null, noBroker);
        }

        @Override
        public void tryNext() {
            trace.add("next broker");
        }
    }

    // Time.

    /**
     * One turn, after which nothing is left to do at that time; writes down when the next is due and what has changed.
     */
    void turn() {
        dispatch();
        int before = trace.size();
        dispatch();
        assertThat(trace.subList(before, trace.size()))
                .as("a turn leaves nothing to the next, which may come late")
                .isEmpty();
        if (!givenUp.isEmpty()) {
            failGivenUp();
            return;
        }
        if (traces) {
            standing();
        }
        Deadlines deadlines = new Deadlines();
        deadlines.clear();
        membership.enterDeadlines(deadlines, now);
        coordinator.enterDeadlines(deadlines, now);
        dueNanos = deadlines.earliestNanos();
        rules.turned(dueNanos);
        if (!traces) {
            return;
        }
        String due = dueNanos == Deadline.NEVER
                ? "due never"
                : "due " + (dueNanos - now) / MILLI + " " + deadlines.earliest();
        if (!due.equals(lastDue)) {
            trace.add(due);
            lastDue = due;
        }
    }

    private void failGivenUp() {
        List<UnderWay<?>> ended = List.copyOf(givenUp);
        givenUp.clear();
        for (UnderWay<?> each : ended) {
            rules.ended(each.request(), null);
            each.reply().failed(failure(RequestFailure.Kind.DISCONNECTED), now);
        }
        turn();
    }

    private void dispatch() {
        Turn turn = new Turn(now, 0, 0, Long.MAX_VALUE, false, polling ? now : leftPollNanos);
        membership.dispatch(this, turn);
        coordinator.dispatch(this, turn);
    }

    private void standing() {
        String standing = MemberWords.standing(membership);
        if (!standing.equals(lastStanding)) {
            trace.add(standing);
            lastStanding = standing;
        }
    }

    /** Lets time go by to the next deadline, if there is one. */
    void passToDeadline() {
        if (dueNanos != Deadline.NEVER) {
            now = Math.max(now, dueNanos);
            turn();
        }
    }

    void pass(long nanos) {
        long end = now + nanos;
        for (int turns = 0; dueNanos <= end && turns < 200; turns++) {
            now = Math.max(now, dueNanos);
            turn();
        }
        now = end;
        turn();
    }

    // The application.

    void enterPoll() {
        polling = true;
        turn();
    }

    void leavePoll() {
        polling = false;
        leftPollNanos = now;
    }

    boolean isPolling() {
        return polling;
    }

    /** When the application last left poll, or {@link Turn#NEVER_POLLED}. */
    long leftPollNanos() {
        return leftPollNanos;
    }

    /** Enters poll, answers every notice, leaves poll. */
    void poll() {
        enterPoll();
        for (GroupNotice notice = mail.poll(); notice != null; notice = mail.poll()) {
            settle(notice);
        }
        leavePoll();
        turn();
    }

    void settle(GroupNotice notice) {
        rules.settled(notice);
        notice.accept(new Settling());
        turn();
    }

    /** The application's assignor, which is in work, throws. */
    void throwFromAssignor() {
        GroupNotice notice = giveBack();
        rules.settled(notice);
        membership.assignmentFailed(MemberWords.token(notice), thrown("plan"), now);
        turn();
    }

    private final class Settling implements GroupNotice.Visitor {
        @Override
        public void revoked(GroupNotice.Revoked notice) {
            Map<String, @Nullable ByteBuffer> userData = new HashMap<>();
            if (notice.joinFollows()) {
                settings.assignors().forEach(assignor -> userData.put(assignor, null));
            }
            membership.released(notice.token(), notice.partitions(), userData, now);
        }

        @Override
        public void assigned(GroupNotice.Assigned notice) {
            membership.taken(notice.token(), now);
        }

        @Override
        public void assignmentWanted(GroupNotice.AssignmentWanted notice) {
            membership.assignmentMade(notice.token(), plan, now);
        }

        @Override
        public void identified(GroupNotice.Identified notice) {}

        @Override
        public void commitSettled(GroupNotice.CommitSettled notice) {}

        @Override
        public void left(GroupNotice.Left notice) {
            lefts++;
        }
    }

    // The brokers.

    @Override
    public List<Integer> bootstrapIds() {
        return List.of(-1);
    }

    @Override
    public Readiness readiness(int nodeId, Purpose purpose) {
        return readiness;
    }

    @Override
    public void reconnect(int nodeId, Purpose purpose) {
        trace.add(traces ? "gives up the connection: " + purpose : "");
        underWay.stream().filter(each -> each.request().purpose() == purpose).forEach(givenUp::add);
        underWay.removeAll(givenUp);
    }

    @Override
    public <A extends Answer> boolean send(Request<A> request, Reply<A> reply) {
        if (refusesRequests) {
            return false;
        }
        rules.sent(request);
        trace.add(traces ? MemberWords.request(request) : "");
        sent.add(request);
        underWay.add(new UnderWay<>(request, reply));
        return true;
    }

    List<Request<?>> requestsUnderWay() {
        return underWay.stream().<Request<?>>map(UnderWay::request).toList();
    }

    boolean isUnderWay(Class<? extends Request<?>> kind) {
        return underWay.stream().anyMatch(each -> kind.isInstance(each.request()));
    }

    <R extends Request<?>> R underWay(Class<R> kind) {
        return kind.cast(find(kind).request());
    }

    private UnderWay<?> find(Class<? extends Request<?>> kind) {
        return underWay.stream()
                .filter(each -> kind.isInstance(each.request()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " under way: " + trace));
    }

    /** Answers the oldest request of this kind. */
    void answer(Class<? extends Request<?>> kind, Answer answer) {
        UnderWay<?> found = find(kind);
        underWay.remove(found);
        rules.ended(found.request(), answer);
        found.answer(answer, now);
        turn();
    }

    void fail(Class<? extends Request<?>> kind, RequestFailure.Kind failure) {
        UnderWay<?> found = find(kind);
        underWay.remove(found);
        rules.ended(found.request(), null);
        found.reply().failed(failure(failure), now);
        turn();
    }

    static RequestFailure failure(RequestFailure.Kind kind) {
        return new RequestFailure(kind, new DisconnectException(kind.name()));
    }

    void findCoordinator() {
        if (isUnderWay(FindCoordinatorRequest.class)) {
            answer(FindCoordinatorRequest.class, coordinatorFound());
        }
    }

    static FindCoordinatorResponse coordinatorFound() {
        return new FindCoordinatorResponse(0, BrokerError.NONE, (short) 0, NODE);
    }

    /** When the next turn is due, or {@link Deadline#NEVER}. */
    long dueNanos() {
        return dueNanos;
    }

    /** Metadata is answered: t and these topics, with so many partitions. */
    void describe(Map<String, Integer> counts) {
        partitions.putAll(counts);
        describe();
    }

    void describe() {
        describeAt(NODE);
    }

    /** The same, where this broker has all partitions. */
    void describeAt(Node broker) {
        DescribedTopics.describe(topics, broker, partitions);
        membership.clusterChanged(now);
        turn();
    }

    // What leaves the member.

    private void apply(GroupEffect effect) {
        rules.applied(effect);
        trace.add(traces ? MemberWords.effect(effect) : "");
        effect.accept(new NoticeMail(mail));
    }

    /** The last thing that waits for the application. */
    @Nullable GroupNotice take() {
        return mail.poll();
    }

    /** What the application has in work, which it answers now. */
    GroupNotice giveBack() {
        GroupNotice notice = Objects.requireNonNull(inHand);
        inHand = null;
        return notice;
    }

    static KafkaException thrown(String message) {
        return new KafkaException(message);
    }

    /** What was written down since the last call. */
    String takeTrace() {
        String taken = String.join("; ", trace);
        trace.clear();
        return taken;
    }
}
