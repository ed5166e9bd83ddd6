package dev.surefoot.core.guard;

import dev.surefoot.core.exchange.LinkCondition;
import dev.surefoot.core.exchange.RequestFailure;
import dev.surefoot.core.group.GroupView;
import dev.surefoot.core.position.TrackedPartition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** What a test says that the engine knows. */
final class FakeSurroundings implements Surroundings {
    @Nullable LinkCondition fetch;

    @Nullable LinkCondition control;

    /** The control connections to several bootstrap servers, if there is more than one. */
    final Map<Integer, LinkCondition> controls = new TreeMap<>();

    @Nullable LinkCondition coordinator;

    @Nullable GroupView group;

    boolean heldBack;

    static LinkCondition failing(RequestFailure.Reason reason, int inARow) {
        return link(LinkCondition.State.BACKING_OFF, new RequestFailure(reason, new KafkaException("failed")), inARow);
    }

    static LinkCondition link(LinkCondition.State state, @Nullable RequestFailure lastFailure, int inARow) {
        return new LinkCondition(
                state,
                0,
                null,
                lastFailure,
                inARow,
                Long.MAX_VALUE,
                new LinkCondition.Traffic(0, Long.MAX_VALUE, 0, 0, Long.MIN_VALUE, 0, Long.MAX_VALUE));
    }

    @Override
    public List<Integer> bootstrapIds() {
        return controls.isEmpty() ? List.of(-1) : controls.keySet().stream().toList();
    }

    @Override
    public @Nullable LinkCondition fetchLink(int nodeId, long nowNanos) {
        return fetch;
    }

    @Override
    public @Nullable LinkCondition controlLink(int nodeId, long nowNanos) {
        return controls.getOrDefault(nodeId, control);
    }

    @Override
    public @Nullable LinkCondition coordinatorLink(int nodeId, long nowNanos) {
        return coordinator;
    }

    @Override
    public @Nullable GroupView group(long nowNanos) {
        return group;
    }

    @Override
    public boolean isOffsetUnstable(TrackedPartition partition) {
        return false;
    }

    @Override
    public boolean waitsForApplication(int nodeId) {
        return false;
    }

    @Override
    public boolean isHeldBack(int nodeId) {
        return heldBack;
    }

    @Override
    public Memory memory() {
        return new Memory(0, 0);
    }

    @Override
    public long epochMillis() {
        return 0;
    }
}
