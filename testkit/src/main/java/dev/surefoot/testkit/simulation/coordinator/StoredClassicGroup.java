package dev.surefoot.testkit.simulation.coordinator;

import dev.surefoot.testkit.simulation.coordinator.ClassicMember.Protocol;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A classic group as it was written down. Of the protocols that a member offers only the chosen one is kept, so after
 * a move of the coordinator a member that joins with all of them counts as changed.
 */
record StoredClassicGroup(
        String id,
        int generation,
        @Nullable String protocolType,
        @Nullable String protocolName,
        @Nullable String leader,
        List<StoredMember> members)
        implements StoredGroup {

    /** A member as it was written down. */
    record StoredMember(
            String id,
            @Nullable String instanceId,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            Bytes subscription,
            Bytes assignment) {}

    /** A group that is new and has no members. */
    static StoredClassicGroup empty(String id) {
        return new StoredClassicGroup(id, 0, null, null, null, List.of());
    }

    static StoredClassicGroup of(
            ClassicRebalance rebalance, ClassicMembers members, Function<ClassicMember, Bytes> assignment) {
        String protocol = rebalance.protocolName();
        List<StoredMember> stored = members.all().stream()
                .map(member -> new StoredMember(
                        member.id,
                        member.instanceId,
                        member.rebalanceTimeoutMs,
                        member.sessionTimeoutMs,
                        member.metadata(protocol),
                        assignment.apply(member)))
                .toList();
        return new StoredClassicGroup(
                rebalance.groupId(),
                rebalance.generation(),
                rebalance.protocolType(),
                protocol,
                members.leader(),
                stored);
    }

    @Override
    public Group load(GroupContext context, long nowMs) {
        return ClassicGroup.load(this, context, nowMs);
    }

    List<ClassicMember> loadedMembers() {
        return members.stream().map(this::loaded).toList();
    }

    private ClassicMember loaded(StoredMember stored) {
        List<Protocol> protocols =
                protocolName == null ? List.of() : List.of(new Protocol(protocolName, stored.subscription()));
        ClassicMember member = new ClassicMember(
                stored.id(), stored.instanceId(), stored.rebalanceTimeoutMs(), stored.sessionTimeoutMs(), protocols);
        member.assignment = stored.assignment();
        return member;
    }
}
