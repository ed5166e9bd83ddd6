package dev.surefoot.runtime;

import dev.surefoot.core.handover.MemberIdentity;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/** Who the application knows to be in its group, by the notices that it has taken. Owned by its thread. */
final class KnownIdentity {
    private MemberIdentity present;
    /** Who it was when it last was a member: a transaction of a lost membership has to be fenced, not let pass. */
    private MemberIdentity lastMember;

    private final Consumer<String> joined;

    /** @param joined takes each member id under which this consumer has become a member */
    KnownIdentity(MemberIdentity initial, Consumer<String> joined) {
        this.present = initial;
        this.lastMember = initial;
        this.joined = joined;
    }

    void become(MemberIdentity identity) {
        present = identity;
        if (identity.epoch() >= 0 && !identity.memberId().isEmpty()) {
            boolean another = !identity.memberId().equals(lastMember.memberId());
            lastMember = identity;
            if (another) {
                joined.accept(identity.memberId());
            }
        }
    }

    /** The membership has ended as the application wished, which lost nothing by that. */
    void forgetLastMember() {
        lastMember = MemberIdentity.none(lastMember.groupId(), lastMember.instanceId());
    }

    MemberIdentity present() {
        return present;
    }

    @SuppressWarnings("removal") // the only constructor that all supported versions have
    ConsumerGroupMetadata metadata() {
        return new ConsumerGroupMetadata(
                lastMember.groupId(),
                lastMember.epoch(),
                lastMember.memberId(),
                Optional.ofNullable(lastMember.instanceId()));
    }
}
