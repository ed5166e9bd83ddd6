package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.simulation.coordinator.ClassicMember.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The members of a classic group, and who leads them.
 *
 * <p>A broker whose leader is gone takes any other member at once. Nobody can see which until a generation is
 * complete, so here the choice is made then.
 */
final class ClassicMembers {
    private final LinkedHashMap<String, ClassicMember> byId = new LinkedHashMap<>();
    private final Map<String, String> idByInstance = new HashMap<>();
    private final Set<String> pendingIds = new LinkedHashSet<>();
    private final LeaderChoice leaderChoice;
    private @Nullable String leader;
    /** Who may lead, while the leader is gone and no other has been chosen. */
    private final Set<String> candidates = new LinkedHashSet<>();

    ClassicMembers(LeaderChoice leaderChoice) {
        this.leaderChoice = leaderChoice;
    }

    List<ClassicMember> all() {
        return List.copyOf(byId.values());
    }

    int size() {
        return byId.size();
    }

    boolean contains(String id) {
        return byId.containsKey(id);
    }

    @Nullable ClassicMember get(String id) {
        return byId.get(id);
    }

    /** @throws IllegalStateException if there is no such member */
    ClassicMember require(String id) {
        ClassicMember member = byId.get(id);
        if (member == null) {
            throw new IllegalStateException("no member " + id);
        }
        return member;
    }

    @Nullable String idOf(String instanceId) {
        return idByInstance.get(instanceId);
    }

    @Nullable String leader() {
        return leader;
    }

    boolean isLeader(String id) {
        return id.equals(leader);
    }

    void leader(@Nullable String id) {
        leader = id;
    }

    // Ids that were made for members that have yet to join with them.

    void expect(String id) {
        pendingIds.add(id);
    }

    boolean isExpected(String id) {
        return pendingIds.contains(id);
    }

    List<String> expected() {
        return List.copyOf(pendingIds);
    }

    // Who comes and goes.

    void add(ClassicMember member) {
        byId.put(member.id, member);
        if (member.instanceId != null) {
            idByInstance.put(member.instanceId, member.id);
        }
        pendingIds.remove(member.id);
        if (leader == null && candidates.isEmpty()) {
            leader = member.id;
        }
    }

    void remove(String id) {
        ClassicMember removed = byId.remove(id);
        if (removed != null && removed.instanceId != null) {
            idByInstance.remove(removed.instanceId);
        }
        if (isLeader(id) || candidates.remove(id)) {
            leader = null;
            candidates.addAll(byId.keySet());
        }
        pendingIds.remove(id);
    }

    /** Puts a static member that has come back in the place of its former self, whose requests are answered 82. */
    ClassicMember replace(ClassicMember former, String newId) {
        byId.remove(former.id);
        former.answerJoin(new JoinGroupResponseData()
                .setMemberId(former.id)
                .setProtocolName(null)
                .setErrorCode(Errors.FENCED_INSTANCE_ID.code()));
        former.answerSync(new SyncGroupResponseData().setErrorCode(Errors.FENCED_INSTANCE_ID.code()));
        ClassicMember member = new ClassicMember(
                newId, former.instanceId, former.rebalanceTimeoutMs, former.sessionTimeoutMs, former.protocols);
        member.assignment = former.assignment;
        byId.put(newId, member);
        if (former.instanceId != null) {
            idByInstance.put(former.instanceId, newId);
        }
        if (isLeader(former.id)) {
            leader = newId;
        }
        if (candidates.remove(former.id)) {
            candidates.add(newId);
        }
        return member;
    }

    // What all of them together are.

    int parkedJoins() {
        return parked().size();
    }

    private List<String> parked() {
        return byId.values().stream()
                .filter(ClassicMember::isJoinParked)
                .map(member -> member.id)
                .toList();
    }

    boolean haveAllJoined() {
        return byId.size() == parkedJoins() && pendingIds.isEmpty();
    }

    List<ClassicMember> dynamicNotJoined() {
        return byId.values().stream()
                .filter(member -> !member.isStatic() && !member.isJoinParked())
                .toList();
    }

    int rebalanceTimeoutMs() {
        return byId.values().stream()
                .mapToInt(member -> member.rebalanceTimeoutMs)
                .max()
                .orElse(0);
    }

    /**
     * Makes a member that has joined the leader, if the leader is gone or has not joined.
     *
     * @return false if nobody has joined
     */
    boolean electJoinedLeader() {
        if (leader != null && require(leader).isJoinParked()) {
            return true;
        }
        List<String> parked = parked();
        if (parked.isEmpty()) {
            return false;
        }
        boolean amongCandidates = leader == null && parked.containsAll(candidates);
        List<String> eligible =
                amongCandidates ? parked.stream().filter(candidates::contains).toList() : parked;
        leader = leaderChoice.choose(eligible);
        candidates.clear();
        return true;
    }

    /** Whether each member offers one of these protocols, so that one who offers them may join. */
    boolean share(List<Protocol> protocols) {
        return protocols.stream().anyMatch(protocol -> isOfferedByAll(protocol.name()));
    }

    private boolean isOfferedByAll(String protocol) {
        return byId.values().stream().allMatch(member -> member.offers(protocol));
    }

    /** The protocol with the most votes among those that all members offer. */
    String vote() {
        Set<String> common = new LinkedHashSet<>();
        for (ClassicMember member : byId.values()) {
            member.protocols.stream()
                    .map(Protocol::name)
                    .filter(this::isOfferedByAll)
                    .forEach(common::add);
        }
        // Of several with as many votes a broker takes the first in the order of its hash table.
        Map<String, Integer> votes = new HashMap<>();
        byId.values().forEach(member -> votes.merge(member.vote(common), 1, Integer::sum));
        String winner = null;
        for (Map.Entry<String, Integer> each : new ArrayList<>(votes.entrySet())) {
            if (winner == null || each.getValue() > votes.getOrDefault(winner, 0)) {
                winner = each.getKey();
            }
        }
        if (winner == null) {
            throw new IllegalStateException("a group without members cannot vote");
        }
        return winner;
    }
}
