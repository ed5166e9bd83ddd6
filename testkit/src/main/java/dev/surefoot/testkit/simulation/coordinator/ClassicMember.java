package dev.surefoot.testkit.simulation.coordinator;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** A member of a classic group, with its requests that are parked. */
final class ClassicMember {
    static final Bytes NO_ASSIGNMENT = Bytes.wrap(new byte[0]);

    /** An assignor that the member offers, and its subscription for it. */
    record Protocol(String name, Bytes metadata) {}

    final String id;
    final @Nullable String instanceId;
    int rebalanceTimeoutMs;
    int sessionTimeoutMs;
    List<Protocol> protocols;
    Bytes assignment = NO_ASSIGNMENT;
    /** Whether no JoinGroup of this member has been answered with a generation yet. */
    boolean isNew;
    /** What it was last given, and under which generation. */
    Set<TopicPartition> held = Set.of();

    int heldGeneration = -1;
    private @Nullable GroupReply parkedJoin;
    private @Nullable GroupReply parkedSync;

    ClassicMember(
            String id,
            @Nullable String instanceId,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            List<Protocol> protocols) {
        this.id = id;
        this.instanceId = instanceId;
        this.rebalanceTimeoutMs = rebalanceTimeoutMs;
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.protocols = protocols;
    }

    static List<Protocol> protocols(JoinGroupRequestProtocolCollection requested) {
        return requested.stream()
                .map(protocol -> new Protocol(protocol.name(), Bytes.wrap(protocol.metadata())))
                .toList();
    }

    /** Takes over what a former self of this member has offered. */
    void takeOffersOf(ClassicMember former) {
        protocols = former.protocols;
        rebalanceTimeoutMs = former.rebalanceTimeoutMs;
        sessionTimeoutMs = former.sessionTimeoutMs;
    }

    boolean isStatic() {
        return instanceId != null;
    }

    boolean isJoinParked() {
        return parkedJoin != null;
    }

    boolean isSyncParked() {
        return parkedSync != null;
    }

    /** Parks JoinGroup; one that is parked already is never answered. */
    void parkJoin(GroupReply reply) {
        parkedJoin = reply;
    }

    /** Parks SyncGroup; one that is parked already is never answered. */
    void parkSync(GroupReply reply) {
        parkedSync = reply;
    }

    /** Forgets the parked JoinGroup without an answer. */
    void forgetJoin() {
        parkedJoin = null;
    }

    void answerJoin(JoinGroupResponseData answer) {
        GroupReply reply = parkedJoin;
        parkedJoin = null;
        if (reply != null) {
            reply.answer(answer);
        }
    }

    /** @return whether one was parked */
    boolean answerSync(SyncGroupResponseData answer) {
        GroupReply reply = parkedSync;
        parkedSync = null;
        if (reply != null) {
            reply.answer(answer);
        }
        return reply != null;
    }

    /** Whether a parked request stands for a heartbeat. */
    boolean isAliveWithoutHeartbeat() {
        return !isNew && (isJoinParked() || isSyncParked());
    }

    boolean offers(String protocol) {
        return protocols.stream().anyMatch(each -> each.name().equals(protocol));
    }

    /** The first of the candidates in this member's order of preference. */
    String vote(Set<String> candidates) {
        return protocols.stream()
                .map(Protocol::name)
                .filter(candidates::contains)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(id + " offers none of " + candidates));
    }

    Bytes metadata(@Nullable String protocol) {
        Optional<Bytes> found = protocols.stream()
                .filter(each -> each.name().equals(protocol))
                .map(Protocol::metadata)
                .findFirst();
        return found.orElseThrow(() -> new IllegalStateException(id + " does not offer " + protocol));
    }
}
