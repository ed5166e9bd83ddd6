package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Request;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.handover.GroupNotice;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit GF20, after kafka-python: the coordinator's lock is held while the listener runs, and the heartbeats need it.
 * A listener that is slower than the session has the member expelled.
 */
final class HeartbeatsAwaitCallback extends FlawedMembership {
    private boolean inCallback;

    HeartbeatsAwaitCallback(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    void effect(GroupEffect effect) {
        inCallback |= effect instanceof GroupEffect.Notify told && told.notice().token() != GroupNotice.NO_TOKEN;
        pass(effect);
    }

    @Override
    Outbox outbox(Outbox real) {
        return new AlteredOutbox(real) {
            @Override
            boolean sends(Request<?> request) {
                return !inCallback || !isHeartbeat(request);
            }
        };
    }

    @Override
    public void released(
            long token, Set<TopicPartition> released, Map<String, @Nullable ByteBuffer> userData, long nowNanos) {
        inCallback = false;
        super.released(token, released, userData, nowNanos);
    }

    @Override
    public void taken(long token, long nowNanos) {
        inCallback = false;
        super.taken(token, nowNanos);
    }
}
