package dev.surefoot.testkit.simulation.coordinator;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A group of the KIP-848 protocol as its coordinator has it in its books. It has no clock; the caller passes the time
 * in milliseconds and calls {@link #turn} when {@link #nextDeadlineMs} has come. Nothing happens between requests but
 * timers, and a resolution of regular expressions that ends: it is always some member's heartbeat that computes a new
 * target.
 *
 * <p>Owned by one thread.
 */
public final class ConsumerGroup {
    private static final long NEVER = -1;

    private final String id;
    private final ConsumerGroupSettings settings;
    private final ClusterTopics topics;
    private final SortedMap<String, ConsumerGroupMember> members = new TreeMap<>();
    /** Instance id to member id. */
    private final SortedMap<String, String> staticMembers = new TreeMap<>();

    private final SortedMap<String, SortedSet<GroupPartition>> target = new TreeMap<>();
    private final MemberTimers timers = new MemberTimers();
    private final TopicRegexes regexes;
    private final PartitionHolders holders;

    private int epoch = 1;
    private int assignmentEpoch = 1;
    private long assignedAtMs = NEVER;
    /** The subscribed topics that existed when the group epoch was last raised; a broker has their hash. */
    private SortedMap<String, ClusterTopics.Topic> topicsSeen = Collections.emptySortedMap();

    private long topicsSeenVersion = NEVER;

    /** A group without members. Its first member gets the epoch 2. */
    public ConsumerGroup(String id, ConsumerGroupSettings settings, ClusterTopics topics) {
        this(id, settings, topics, new TopicRegexes(), new PartitionHolders());
    }

    private ConsumerGroup(
            String id,
            ConsumerGroupSettings settings,
            ClusterTopics topics,
            TopicRegexes regexes,
            PartitionHolders holders) {
        this.id = id;
        this.settings = settings;
        this.topics = topics;
        this.regexes = regexes;
        this.holders = holders;
    }

    // Requests.

    /**
     * Serves a heartbeat that {@link HeartbeatChecks} let pass. If it fails, nothing has changed.
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

    // Time.

    /** Lets time come to {@code nowMs}: members whose session or revocation has taken too long are fenced. */
    public void turn(long nowMs) {
        TopicRegexes.Resolution resolution = regexes.underWay();
        if (resolution != null && resolution.dueMs() <= nowMs) {
            regexes.endResolution();
            take(resolution);
        }
        for (MemberTimers.Expired expired = timers.first();
                expired != null && expired.deadlineMs() <= nowMs;
                expired = timers.first()) {
            timers.remove(expired);
            ConsumerGroupMember member = members.get(expired.memberId());
            if (member != null && (expired.isSession() || member.current().epoch() == expired.epoch())) {
                remove(member, nowMs);
            }
        }
    }

    /** When {@link #turn} has something to do; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineMs() {
        MemberTimers.Expired first = timers.first();
        TopicRegexes.Resolution resolution = regexes.underWay();
        return Math.min(
                first == null ? Long.MAX_VALUE : first.deadlineMs(),
                resolution == null ? Long.MAX_VALUE : resolution.dueMs());
    }

    private void take(TopicRegexes.Resolution resolution) {
        boolean changed = false;
        for (Map.Entry<String, TopicRegexes.Resolved> entry :
                resolution.results().entrySet()) {
            String regex = entry.getKey();
            if (subscribersOf(regex) > 0) {
                TopicRegexes.Resolved before = regexes.get(regex);
                SortedSet<String> topicsBefore = before == null ? Collections.emptySortedSet() : before.topics();
                changed |= !topicsBefore.equals(entry.getValue().topics());
                regexes.put(regex, entry.getValue());
            }
        }
        SortedMap<String, ClusterTopics.Topic> seen = existing(subscribedNames());
        if (changed || !seen.equals(topicsSeen)) {
            raiseEpoch(seen);
            noteTopicsSeen();
        }
    }

    // What the simulator does to it.

    /**
     * Fences a member, as its timers would.
     *
     * @throws ApiException if there is no such member
     */
    public void fence(String memberId, long nowMs) {
        remove(require(memberId), nowMs);
    }

    /** What a coordinator knows after it has loaded the group: all that was written, and no timer. */
    ConsumerGroup copyOfBooks() {
        ConsumerGroup copy = new ConsumerGroup(id, settings, topics, regexes.copyOfResolved(), holders.copy());
        copy.members.putAll(members);
        copy.staticMembers.putAll(staticMembers);
        copy.target.putAll(target);
        copy.epoch = epoch;
        copy.assignmentEpoch = assignmentEpoch;
        copy.assignedAtMs = assignedAtMs;
        copy.topicsSeen = topicsSeen;
        return copy;
    }

    /** Starts all timers anew, as a coordinator does that has just loaded the group. */
    void startTimers(long nowMs) {
        timers.clear();
        members.values().forEach(member -> {
            timers.startSession(member.id(), nowMs + settings.sessionTimeoutMs());
            startRevocation(member, nowMs);
        });
    }

    // The books.

    /** Writes a member, new or changed. */
    void put(ConsumerGroupMember member, long nowMs) {
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
        timers.cancelAll(member.id());
        if (subscribersOf(member.metadata().topicRegex()) == 0) {
            regexes.remove(member.metadata().topicRegex());
        }
        raiseEpoch(existing(subscribedNames()));
    }

    void raiseEpoch(SortedMap<String, ClusterTopics.Topic> seen) {
        epoch++;
        topicsSeen = seen;
    }

    void noteTopicsSeen() {
        topicsSeenVersion = topics.version();
    }

    void setTarget(SortedMap<String, SortedSet<GroupPartition>> computed, long nowMs) {
        SortedSet<GroupPartition> nothing = Collections.emptySortedSet();
        members.keySet().forEach(member -> target.put(member, computed.getOrDefault(member, nothing)));
        assignmentEpoch = epoch;
        assignedAtMs = nowMs;
    }

    void startSession(String memberId, long nowMs) {
        timers.startSession(memberId, nowMs + settings.sessionTimeoutMs());
    }

    /** Starts the time that a member has to give up partitions, or ends it if there are none. */
    void startRevocation(ConsumerGroupMember member, long nowMs) {
        if (member.current().state() == MemberState.UNREVOKED) {
            long deadlineMs = nowMs + member.metadata().rebalanceTimeoutMs();
            timers.startRevocation(member.id(), member.current().epoch(), deadlineMs);
        } else {
            timers.cancelRevocation(member.id());
        }
    }

    // Queries.

    public String id() {
        return id;
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
    public SortedMap<String, ConsumerGroupMember> members() {
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

    ClusterTopics topics() {
        return topics;
    }

    TopicRegexes regexes() {
        return regexes;
    }

    SortedMap<String, ClusterTopics.Topic> topicsSeen() {
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

    /** How many members prefer which assignor. */
    SortedMap<String, Integer> assignorPreferences() {
        SortedMap<String, Integer> preferences = new TreeMap<>();
        for (ConsumerGroupMember member : members.values()) {
            if (member.metadata().assignor() != null) {
                preferences.merge(member.metadata().assignor(), 1, Integer::sum);
            }
        }
        return preferences;
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
    SortedMap<String, ClusterTopics.Topic> existing(Collection<String> names) {
        SortedMap<String, ClusterTopics.Topic> existing = new TreeMap<>();
        for (String name : names) {
            ClusterTopics.Topic topic = topics.topic(name);
            if (topic != null) {
                existing.put(name, topic);
            }
        }
        return existing;
    }
}
