package dev.surefoot.testkit.museum.group;

import dev.surefoot.testkit.simulation.group.SmallApplication;
import dev.surefoot.testkit.simulation.group.SmallMember;

/**
 * Exhibit GF28, after Apache Kafka (KAFKA-18160): a callback that is interrupted by an exception never counts as done.
 * The member waits for it without end, and so does its group.
 */
final class CompletionLost extends SmallApplication {
    CompletionLost(SmallMember member) {
        super(member);
    }

    @Override
    protected void listenerThrows() {
        forgetListener();
    }
}
