package dev.surefoot.testkit.museum.group;

import dev.surefoot.core.exchange.Outbox;
import dev.surefoot.core.exchange.Turn;
import dev.surefoot.core.group.Coordinator;
import dev.surefoot.core.group.GroupEffect;
import dev.surefoot.core.handover.GroupNotice;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Exhibit GF32, after aiokafka: the member leaves at once, and its application keeps the partitions. Whoever gets them
 * next delivers the same records.
 */
final class LeavesBeforeRevocation extends FlawedMembership {
    private boolean leaving;
    private GroupNotice.@Nullable Revoked untold;

    LeavesBeforeRevocation(Coordinator coordinator, Consumer<GroupEffect> effects) {
        super(coordinator, effects);
    }

    @Override
    public void leave(Departure departure, String reason, long nowNanos) {
        leaving = true;
        super.leave(departure, reason, nowNanos);
    }

    @Override
    void effect(GroupEffect effect) {
        if (leaving && effect instanceof GroupEffect.Notify told && told.notice() instanceof GroupNotice.Revoked all) {
            leaving = false;
            untold = all;
        } else {
            pass(effect);
        }
    }

    @Override
    public void dispatch(Outbox outbox, Turn turn) {
        GroupNotice.Revoked notice = untold;
        untold = null;
        if (notice != null) {
            released(notice.token(), notice.partitions(), Map.of(), turn.nowNanos());
        }
        super.dispatch(outbox, turn);
    }
}
