package dev.surefoot.core.group;

import dev.surefoot.core.handover.GroupNotice;
import dev.surefoot.core.handover.GroupNotice.Loss;
import java.util.NavigableSet;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What the application is asked for, one thing at a time (classic protocol). While it has not answered, what it is
 * asked for can be replaced; which of both it has taken, the answer says. Owned by the loop's thread.
 */
final class ClassicNotices {
    private final Tokens tokens = new Tokens();
    private final Consumer<GroupEffect> effects;
    private boolean wantsJoin;

    ClassicNotices(Consumer<GroupEffect> effects) {
        this.effects = effects;
    }

    /** Whether the application has not answered yet. */
    boolean isOutstanding() {
        return tokens.isOutstanding();
    }

    /** Takes the answer to a token; returns false, and changes nothing, if it is not the outstanding one. */
    boolean settle(long token) {
        return tokens.settle(token);
    }

    /** Whether the first form of the last notice has asked for what JoinGroup is to say. */
    boolean wantedJoin() {
        return wantsJoin;
    }

    /**
     * The application is to give these up, which are no longer fetched from now on.
     *
     * @param tellsEmpty whether its listener is called for an empty set as well
     * @param joinFollows whether it is to bring what JoinGroup says
     */
    void revoke(NavigableSet<TopicPartition> partitions, Loss loss, boolean tellsEmpty, boolean joinFollows) {
        hold(partitions);
        wantsJoin = joinFollows;
        tell(new GroupNotice.Revoked(tokens.issue(), partitions, loss, tellsEmpty, joinFollows));
    }

    /** If the application has not taken what it was asked for, it is to give up all of these instead. */
    void revokeInstead(NavigableSet<TopicPartition> owned, Loss loss, boolean joinFollows) {
        hold(owned);
        effects.accept(new GroupEffect.Supersede(
                new GroupNotice.Revoked(tokens.outstanding(), owned, loss, false, joinFollows)));
    }

    private void hold(Set<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            effects.accept(new GroupEffect.Hold(partitions));
        }
    }

    /** The application is to take what the plan says. */
    void assign(ClassicPartitions partitions, String assignor, ClassicIdentity identity) {
        wantsJoin = false;
        tell(new GroupNotice.Assigned(
                tokens.issue(),
                partitions.added(),
                partitions.planned(),
                assignor,
                partitions.plan(),
                identity.current()));
    }

    /** The application's assignor is to make everybody's plan. */
    void askForPlan(GroupLeadership leadership) {
        wantsJoin = false;
        tell(new GroupNotice.AssignmentWanted(
                tokens.issue(), leadership.assignor(), leadership.members(), leadership.takePicture()));
    }

    /** Tells what needs no answer. */
    void tell(GroupNotice notice) {
        effects.accept(new GroupEffect.Notify(notice));
    }
}
