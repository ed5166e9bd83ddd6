package dev.surefoot.testkit.simulation;

import dev.surefoot.core.group.Membership.Departure;
import dev.surefoot.runtime.ConsumerRuntime;
import dev.surefoot.runtime.GroupMember;
import dev.surefoot.testkit.simulation.check.MemberLedger;
import dev.surefoot.testkit.simulation.check.MemberRequests;
import dev.surefoot.testkit.simulation.check.Violation;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.Event;
import dev.surefoot.testkit.simulation.world.ConsumerProcess;
import dev.surefoot.testkit.simulation.world.GroupWorld;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * The program of one member of a group: it polls, and does what the schedule has for it between its polls. Runs as a
 * program of its process.
 */
final class MemberProgram {
    private static final List<Departure> DEPARTURES = List.of(Departure.values());
    private static final long MICRO = 1_000L;
    private static final long MILLI = 1_000_000L;
    private static final Duration POLL = Duration.ofMillis(300);
    /** Nothing is done between polls any more, and each one that ends without records costs a change of threads. */
    private static final Duration SETTLED_POLL = Duration.ofSeconds(1);

    private static final Duration BRIEF_POLL = Duration.ofMillis(40);
    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final GroupWorld world;
    private final ConsumerProcess process;
    private final ConsumerRuntime<byte[], byte[]> consumer;
    private final GroupMember member;
    private final MemberLedger ledger;
    private final MemberRequests requests;
    private final MemberListener listener;
    private final MemberCommits commits;
    private final MemberPositions positions;
    private final MemberReading reading;
    private final GroupProtocolTerms terms;
    private final @Nullable String instanceId;
    private final ArrayDeque<Event> acts = new ArrayDeque<>();

    private Set<String> topics;
    private boolean isSubscribed;
    private boolean isClosed;
    private boolean isSettled;
    private boolean visits;
    private long pauseNanos;
    private long awayUntilNanos;
    private long subscribeAtNanos = Long.MAX_VALUE;
    private @Nullable Departure departure;

    MemberProgram(
            GroupWorld world,
            ConsumerProcess process,
            ConsumerRuntime<byte[], byte[]> consumer,
            MemberLedger ledger,
            MemberRequests requests,
            GroupProtocolTerms terms,
            Set<String> topics,
            @Nullable String instanceId) {
        this.instanceId = instanceId;
        this.world = world;
        this.process = process;
        this.consumer = consumer;
        this.member = Objects.requireNonNull(consumer.member());
        this.ledger = ledger;
        this.requests = requests;
        this.terms = terms;
        this.topics = new TreeSet<>(topics);
        this.commits = new MemberCommits(process.name(), member.commits(), terms, process.story());
        this.reading = new MemberReading(consumer.polling(), ledger, process.story());
        this.positions = new MemberPositions(world, consumer, ledger);
        this.listener = new MemberListener(this, commits, positions, world.turns(), ledger);
    }

    // Called by the director.

    MemberLedger ledger() {
        return ledger;
    }

    ConsumerProcess process() {
        return process;
    }

    Set<String> topics() {
        return topics;
    }

    boolean isSubscribed() {
        return isSubscribed;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Has the program do this when it is next between polls. */
    void add(Event act) {
        acts.add(act);
    }

    /** Ends everything that keeps the application from polling. */
    void settle() {
        isSettled = true;
        acts.clear();
        listener.settle();
    }

    @Nullable String instanceId() {
        return instanceId;
    }

    /** Whether a commit has no outcome yet; a rebalance that the application has asked for comes after it. */
    boolean awaitsCommits() {
        return !commits.haveAllEnded();
    }

    long lastHeartbeatNanos() {
        return requests.lastHeartbeatNanos();
    }

    /** Has the consumer have the group rebalanced. */
    void enforceRebalance() {
        member.enforceRebalance("simulated");
    }

    /** Another thread wakes the consumer. */
    void wake() {
        commits.wakes();
        consumer.wakeup();
    }

    /** Adds the positions of all partitions that it owns. */
    void positionsInto(Map<TopicPartition, Long> into) {
        commits.consumed().forEach((partition, position) -> into.put(partition, position.offset()));
    }

    /** Has the program close its consumer. */
    void close(Departure how) {
        departure = how;
    }

    /** Whether nothing that was answered last contradicts its membership. */
    boolean isInOrder() {
        return requests.isInOrder();
    }

    long nowNanos() {
        return world.time().nanos();
    }

    // The program.

    void run() {
        subscribe();
        while (!isClosed) {
            for (Event act = acts.poll(); act != null && !isClosed; act = acts.poll()) {
                perform(act);
            }
            if (isSettled) {
                calmDown();
            }
            Departure how = departure;
            if (how != null && !isClosed) {
                close(how, CLOSING);
            }
            if (isClosed) {
                return;
            }
            if (nowNanos() >= subscribeAtNanos) {
                resubscribe();
            }
            if (awayUntilNanos > nowNanos()) {
                process.awayUntil(awayUntilNanos, () -> isSettled);
            } else if (isSubscribed || !consumer.assignments().assignment().isEmpty()) {
                poll(pollTimeout());
                commitDensely();
            } else {
                process.awayUntil(Math.min(subscribeAtNanos, nowNanos() + 300 * MILLI), () -> isSettled);
            }
            if (pauseNanos > 0) {
                process.awayUntil(nowNanos() + pauseNanos, () -> isSettled);
            }
        }
    }

    private Duration pollTimeout() {
        if (isSettled) {
            return SETTLED_POLL;
        }
        return commits.areDense(nowNanos()) ? BRIEF_POLL : POLL;
    }

    /** Commits without waiting, if the schedule has that for each poll and each call of the listener. */
    void commitDensely() {
        if (isSubscribed) {
            commits.commitDensely(nowNanos());
        }
    }

    private void calmDown() {
        commits.beginDense(0, 0);
        awayUntilNanos = 0;
        pauseNanos = 0;
        visits = false;
        if (subscribeAtNanos != Long.MAX_VALUE) {
            subscribeAtNanos = 0;
        }
        positions.resumeAll();
        process.troubles().ends(Act.MEMBER_PAUSES);
        process.troubles().ends(Act.MEMBER_SLOW);
    }

    private void subscribe() {
        isSubscribed = true;
        ledger.subscribes(topics);
        process.story().tell(() -> "application subscribes to " + topics + (terms.byPattern() ? " by pattern" : ""));
        if (!terms.byPattern()) {
            member.subscribe(topics, listener);
        } else if (terms.isClassic()) {
            member.subscribe(Pattern.compile(String.join("|", topics)), listener);
        } else {
            member.subscribeByCoordinator(String.join("|", topics), listener);
        }
    }

    private void resubscribe() {
        subscribeAtNanos = Long.MAX_VALUE;
        if (!isSubscribed) {
            inside(() -> consumer.assignments().assign(Set.of()));
        }
        subscribe();
    }

    /** Calls something of the consumer that may call the listener. */
    void inside(Runnable call) {
        ledger.entered();
        try {
            call.run();
        } catch (WakeupException e) {
            commits.woken(e);
        } catch (KafkaException e) {
            failed(e);
        } finally {
            ledger.left();
        }
    }

    private void failed(KafkaException failure) {
        process.story().tell(() -> "application gets " + failure);
        if (listener.hasThrown(failure)) {
            return;
        }
        if (!terms.mayThrow(failure)) {
            throw new Violation("X1", process.name() + " throws " + failure + ", by " + failure.getCause(), failure);
        }
        if (terms.isFinal(failure)) {
            departure = Departure.DEFAULT;
        }
    }

    private void poll(Duration timeout) {
        inside(() -> reading.poll(timeout, visits, isSubscribed));
        if (isSubscribed) {
            ledger.requireAssignment(consumer.assignments().assignment());
        }
    }

    // What the schedule has for it.

    private void perform(Event event) {
        process.troubles().noteOfMember(event);
        process.story().tell(() -> "application: " + event.act() + " " + event.amount());
        if (act(event)) {
            world.counts().happened(event.act());
        }
    }

    private boolean act(Event event) {
        long nanos = event.amount() * MICRO;
        TopicPartition mine = positions.mine(event.partition());
        switch (event.act()) {
            case MEMBER_CLOSED -> close(DEPARTURES.get((int) (event.amount() % DEPARTURES.size())), CLOSING);
            case MEMBER_AWAY -> awayUntilNanos = nowNanos() + nanos;
            case MEMBER_SLOW -> pauseNanos = nanos;
            case LISTENER_SLOW, LISTENER_THROWS, LISTENER_SEEKS, LISTENER_COMMITS, LISTENER_SUBSCRIBES ->
                listener.prepare(event);
            case SUBSCRIBED_ANEW -> subscribeAnew(event.amount());
            case UNSUBSCRIBED -> {
                return unsubscribe(nanos);
            }
            case ASSIGNED_INSTEAD -> {
                return assignInstead(event.partition(), nanos);
            }
            case COMMIT_SYNC -> commits.commitSync(commits.consumed(), false);
            case COMMIT_SYNC_ONE -> commits.commitSync(commits.consumed(mine), false);
            case COMMIT_ASYNC -> commits.commitAsync(commits.consumed());
            case COMMIT_ASYNC_ONE -> commits.commitAsync(commits.consumed(mine));
            case COMMITS_DENSE -> commits.beginDense(event.amount(), nowNanos() + nanos);
            case ASK_COMMITTED -> commits.ask(world.partition(event.partition()));
            case MEMBER_SEEKS -> {
                if (mine != null && isSubscribed) {
                    positions.seek(mine, event.amount());
                }
                return mine != null && isSubscribed;
            }
            case MEMBER_PAUSES -> {
                if (mine != null) {
                    positions.pause(mine);
                }
                return mine != null;
            }
            case MEMBER_RESUMES -> positions.resumeAll();
            case REBALANCE_ENFORCED -> member.enforceRebalance("simulated");
            case MEMBER_VISITS -> visits = event.amount() % 2 == 0;
            default -> throw new IllegalArgumentException("nothing that a member does: " + event.act());
        }
        return true;
    }

    /** Subscribes to the topics whose bits are set, or all if none would be. */
    void subscribeAnew(long bits) {
        topics = world.topics(bits);
        if (isSubscribed) {
            subscribe();
        }
    }

    private boolean unsubscribe(long nanos) {
        if (!isSubscribed || isSettled) {
            return false;
        }
        isSubscribed = false;
        ledger.leaves(false);
        inside(member::unsubscribe);
        ledger.requireAssignment(Set.of());
        subscribeAtNanos = nowNanos() + nanos;
        return true;
    }

    private boolean assignInstead(int place, long nanos) {
        if (!unsubscribe(nanos)) {
            return false;
        }
        consumer.assignments().assign(Set.of(world.partition(place)));
        return true;
    }

    Set<TopicPartition> assignment() {
        return consumer.assignments().assignment();
    }

    /** Who the consumer is in its group. */
    ConsumerGroupMetadata identity() {
        return member.metadata();
    }

    void sleep(long nanos) {
        process.awayUntil(nowNanos() + nanos, () -> isSettled);
    }

    private void close(Departure how, Duration timeout) {
        long begunNanos = nowNanos();
        long spentBefore = listener.spentNanos();
        isClosed = true;
        isSubscribed = false;
        ledger.leaves(how == Departure.LEAVE);
        inside(() -> consumer.close(timeout, how, () -> {}));
        long lasted = nowNanos() - begunNanos - (listener.spentNanos() - spentBefore);
        if (lasted > timeout.toNanos()) {
            throw new Violation("G41", process.name() + " needed " + lasted / MILLI + " ms to close");
        }
        commits.closed();
        ledger.gone();
    }
}
