package dev.surefoot.testkit.simulation.coordinator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What a coordinator has in its books of a group of the KIP-848 protocol. A request changes a copy, which takes the
 * place of the books once it has been written down, and asks for timers on the way.
 *
 * <p>Owned by one thread.
 */
public final class ConsumerGroupBooks {
    private static final long NEVER = -1;

    private final ConsumerGroupSettings settings;
    private final TopicCatalog topics;
    private final SortedMap<String, ConsumerGroupMember> members = new TreeMap<>();
    /** Instance id to member id. */
    private final SortedMap<String, String> staticMembers = new TreeMap<>();

    private final SortedMap<String, SortedSet<GroupPartition>> target = new TreeMap<>();
    private final List<Consumer<MemberTimers>> timerChanges = new ArrayList<>();
    private final TopicRegexes regexes;
    private final PartitionHolders holders;

    private int epoch = 1;
    private int assignmentEpoch = 1;
    private long assignedAtMs = NEVER;
    /** The subscribed topics that existed when the group epoch was last raised; a broker has their hash. */
    private SortedMap<String, TopicCatalog.Topic> topicsSeen = Collections.emptySortedMap();

    private long topicsSeenVersion = NEVER;
    private long loadedAtVersion = NEVER;
    private boolean written;

    /** A group without members. Its first member gets the epoch 2. */
    ConsumerGroupBooks(ConsumerGroupSettings settings, TopicCatalog topics) {
        this(settings, topics, new TopicRegexes(), new PartitionHolders());
    }

    private ConsumerGroupBooks(
            ConsumerGroupSettings settings, TopicCatalog topics, TopicRegexes regexes, PartitionHolders holders) {
        this.settings = settings;
        this.topics = topics;
        this.regexes = regexes;
        this.holders = holders;
    }

    /** A group without members that has had so many epochs. */
    static ConsumerGroupBooks beginningAt(ConsumerGroupSettings settings, TopicCatalog topics, int epoch) {
        ConsumerGroupBooks books = new ConsumerGroupBooks(settings, topics);
        books.epoch = epoch;
        books.assignmentEpoch = epoch;
        return books;
    }

    /** What a request or a timer changes and then publishes, or drops if it fails. */
    ConsumerGroupBooks copy() {
        ConsumerGroupBooks copy = new ConsumerGroupBooks(settings, topics, regexes.copy(), holders.copy());
        copy.members.putAll(members);
        copy.staticMembers.putAll(staticMembers);
        copy.target.putAll(target);
        copy.epoch = epoch;
        copy.assignmentEpoch = assignmentEpoch;
        copy.assignedAtMs = assignedAtMs;
        copy.topicsSeen = topicsSeen;
        copy.topicsSeenVersion = topicsSeenVersion;
        copy.loadedAtVersion = loadedAtVersion;
        return copy;
    }

    /** The group at a coordinator that has just loaded it: what was written, and timers that start anew. */
    ConsumerGroupBooks loaded(long nowMs) {
        ConsumerGroupBooks loaded = copy();
        loaded.regexes.endResolution();
        loaded.topicsSeenVersion = NEVER;
        loaded.loadedAtVersion = topics.version();
        loaded.members.values().forEach(member -> {
            loaded.startSession(member, nowMs);
            loaded.startRevocation(member, nowMs);
        });
        return loaded;
    }

    // Requests.

    /**
     * Serves a heartbeat that {@link HeartbeatChecks} let pass.
     *
     * @throws ApiException with 25, 81, 82, 110, 111 or 128
     */
    ConsumerGroupHeartbeatResponseData heartbeat(ConsumerGroupHeartbeatRequestData request, long nowMs) {
        return switch (request.memberEpoch()) {
            case -1, CurrentAssignment.LEFT_TO_RETURN -> leave(request, nowMs);
            default -> new HeartbeatService(this, request, nowMs).serve();
        };
    }

    private ConsumerGroupHeartbeatResponseData leave(ConsumerGroupHeartbeatRequestData request, long nowMs) {
        ConsumerGroupMember member =
                request.instanceId() == null ? require(request.memberId()) : requireStatic(request);
        if (request.memberEpoch() == CurrentAssignment.LEFT_TO_RETURN) {
            put(member.with(member.current().leftToReturn()), nowMs);
        } else {
            remove(member, nowMs);
        }
        return new ConsumerGroupHeartbeatResponseData().setMemberId(member.id()).setMemberEpoch(request.memberEpoch());
    }

    /** The static member that a request speaks for. */
    ConsumerGroupMember requireStatic(ConsumerGroupHeartbeatRequestData request) {
        ConsumerGroupMember member = staticMember(request.instanceId());
        if (member == null) {
            throw Errors.UNKNOWN_MEMBER_ID.exception("no instance " + request.instanceId());
        }
        if (!member.id().equals(request.memberId())) {
            throw Errors.FENCED_INSTANCE_ID.exception(request.instanceId() + " belongs to " + member.id());
        }
        return member;
    }

    ConsumerGroupMember require(String memberId) {
        ConsumerGroupMember member = members.get(memberId);
        if (member == null) {
            throw Errors.UNKNOWN_MEMBER_ID.exception("no member " + memberId);
        }
        return member;
    }

    /** The member that holds an instance id, or null if nobody ever did. */
    @Nullable ConsumerGroupMember staticMember(@Nullable String instanceId) {
        String memberId = instanceId == null ? null : staticMembers.get(instanceId);
        return memberId == null ? null : require(memberId);
    }

    /**
     * Removes a member whose time has run out, or that a broker was made to fence.
     *
     * @throws ApiException if there is no such member
     */
    ConsumerGroupMember fence(String memberId, long nowMs) {
        ConsumerGroupMember member = require(memberId);
        remove(member, nowMs);
        return member;
    }

    /** Takes the regular expressions that were resolved, and returns whether that raised the group epoch. */
    boolean takeResolution() {
        TopicRegexes.Resolution resolution = regexes.underWay();
        if (resolution == null) {
            return false;
        }
        regexes.endResolution();
        boolean changed = false;
        for (Map.Entry<String, TopicRegexes.Resolved> entry :
                resolution.results().entrySet()) {
            String regex = entry.getKey();
            if (subscribersOf(regex) > 0) {
                TopicRegexes.Resolved before = regexes.get(regex);
                SortedSet<String> topicsBefore = before == null ? Collections.emptySortedSet() : before.topics();
                changed |= !topicsBefore.equals(entry.getValue().topics());
                regexes.put(regex, entry.getValue());
                written = true;
            }
        }
        SortedMap<String, TopicCatalog.Topic> seen = existing(subscribedNames());
        boolean raised = changed || !seen.equals(topicsSeen);
        if (raised) {
            raiseEpoch(seen);
            noteTopicsSeen();
        }
        return raised;
    }

    /** Gives the resolution up that is under way. */
    void dropResolution() {
        regexes.endResolution();
    }

    // The books.

    /** Writes a member, new or changed. */
    void put(ConsumerGroupMember member, long nowMs) {
        written |= !member.equals(members.get(member.id()));
        holders.replace(members.get(member.id()), member, nowMs);
        members.put(member.id(), member);
        if (member.metadata().instanceId() != null) {
            staticMembers.put(member.metadata().instanceId(), member.id());
        }
    }

    /** Writes another member in the place of a static one, with its target. Its timers go on and find nobody. */
    void replace(ConsumerGroupMember before, ConsumerGroupMember after, long nowMs) {
        SortedSet<GroupPartition> inherited = targetOf(before.id());
        forget(before, nowMs);
        put(after, nowMs);
        target.put(after.id(), inherited);
    }

    private void forget(ConsumerGroupMember member, long nowMs) {
        holders.replace(member, null, nowMs);
        members.remove(member.id());
        target.remove(member.id());
        if (member.metadata().instanceId() != null) {
            staticMembers.remove(member.metadata().instanceId());
        }
    }

    /** Removes a member for good, and what only it subscribed to. */
    private void remove(ConsumerGroupMember member, long nowMs) {
        forget(member, nowMs);
        timerChanges.add(timers -> timers.cancelAll(member.id()));
        if (subscribersOf(member.metadata().topicRegex()) == 0) {
            removeRegex(member.metadata().topicRegex());
        }
        raiseEpoch(existing(subscribedNames()));
    }

    void removeRegex(String regex) {
        written |= regexes.get(regex) != null;
        regexes.remove(regex);
    }

    void raiseEpoch(SortedMap<String, TopicCatalog.Topic> seen) {
        epoch++;
        topicsSeen = seen;
        written = true;
    }

    void noteTopicsSeen() {
        topicsSeenVersion = topics.version();
    }

    void setTarget(SortedMap<String, SortedSet<GroupPartition>> computed, long nowMs) {
        SortedSet<GroupPartition> nothing = Collections.emptySortedSet();
        members.keySet().forEach(member -> target.put(member, computed.getOrDefault(member, nothing)));
        assignmentEpoch = epoch;
        assignedAtMs = nowMs;
        written = true;
    }

    // Timers, which are set when the change has been written.

    /** Starts the time within which the member's next heartbeat has to come. */
    void startSession(ConsumerGroupMember member, long nowMs) {
        long deadlineMs = nowMs + settings.sessionTimeoutMs();
        timerChanges.add(timers -> timers.startSession(member.id(), deadlineMs));
    }

    /** Starts the time that a member has to give up partitions, or ends it if there are none. */
    void startRevocation(ConsumerGroupMember member, long nowMs) {
        if (member.current().state() == MemberState.UNREVOKED) {
            long deadlineMs = nowMs + member.metadata().rebalanceTimeoutMs();
            int memberEpoch = member.current().epoch();
            timerChanges.add(timers -> timers.startRevocation(member.id(), memberEpoch, deadlineMs));
        } else {
            timerChanges.add(timers -> timers.cancelRevocation(member.id()));
        }
    }

    /** Has the group hear of the resolution that is under way when it ends. */
    void awaitResolution() {
        TopicRegexes.Resolution resolution = regexes.underWay();
        if (resolution != null) {
            timerChanges.add(timers -> timers.awaitResolution(resolution.dueMs()));
        }
    }

    /** Sets and cancels what the change asked for. */
    void changeTimers(MemberTimers timers) {
        timerChanges.forEach(change -> change.accept(timers));
        timerChanges.clear();
    }

    // Queries.

    /** Whether something was changed that a coordinator writes down. */
    boolean isWritten() {
        return written;
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    /** The group epoch. A target is computed for each, unless it is raised again before. */
    public int epoch() {
        return epoch;
    }

    /** The group epoch that the target was computed for. */
    public int assignmentEpoch() {
        return assignmentEpoch;
    }

    /** All members by id. */
    public SortedMap<String, ConsumerGroupMember> byId() {
        return Collections.unmodifiableSortedMap(members);
    }

    /** Who holds what, and since when. */
    public PartitionHolders holders() {
        return holders;
    }

    /** What the target gives a member; nothing if there is no such member. */
    public SortedSet<GroupPartition> targetOf(String memberId) {
        return target.getOrDefault(memberId, Collections.emptySortedSet());
    }

    ConsumerGroupSettings settings() {
        return settings;
    }

    TopicCatalog topics() {
        return topics;
    }

    /** The version of the topics that brought one for regular expressions to match, as far as is known here. */
    long newTopicsVersion() {
        return Math.max(loadedAtVersion, topics.creationVersion());
    }

    TopicRegexes regexes() {
        return regexes;
    }

    SortedMap<String, TopicCatalog.Topic> topicsSeen() {
        return topicsSeen;
    }

    /** Whether the topics have to be looked at, which one of the group's has brought about by changing. */
    boolean isRefreshDue() {
        return topicsSeenVersion == NEVER || topics.changedSince(topicsSeenVersion, subscribedNames());
    }

    /** Whether the assignment interval lets a new target be computed. */
    boolean mayAssign(long nowMs) {
        return assignedAtMs == NEVER
                || settings.assignmentIntervalMs() == 0
                || nowMs >= assignedAtMs + settings.assignmentIntervalMs();
    }

    /** How many members subscribe to a regular expression. */
    int subscribersOf(String regex) {
        return Math.toIntExact(members.values().stream()
                .filter(member -> member.metadata().topicRegex().equals(regex))
                .count());
    }

    /** All topics that some member subscribes to, whether they exist or not. */
    SortedSet<String> subscribedNames() {
        return subscribedNames(members.values());
    }

    SortedSet<String> subscribedNames(Collection<ConsumerGroupMember> subscribers) {
        SortedSet<String> names = new TreeSet<>(regexes.topics());
        subscribers.forEach(member -> names.addAll(member.metadata().topicNames()));
        return names;
    }

    /** Those of the topics that exist. */
    SortedMap<String, TopicCatalog.Topic> existing(Collection<String> names) {
        SortedMap<String, TopicCatalog.Topic> existing = new TreeMap<>();
        for (String name : names) {
            TopicCatalog.Topic topic = topics.topic(name);
            if (topic != null) {
                existing.put(name, topic);
            }
        }
        return existing;
    }
}
