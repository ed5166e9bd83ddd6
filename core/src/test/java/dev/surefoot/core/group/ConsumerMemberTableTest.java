package dev.surefoot.core.group;

import static dev.surefoot.core.group.ConsumerTableStates.settings;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What each input does at once to a member of the consumer protocol in each of its states, requests and deadlines
 * included.
 */
class ConsumerMemberTableTest {
    private static String row(TracedMember member, Consumer<TracedMember> input) {
        member.takeTrace();
        input.accept(member);
        return member.takeTrace();
    }

    @Test
    void dynamicThatStopsAtTheLapse() {
        ConsumerTableInputs.table(settings(null, true)).compare("consumer.txt", ConsumerMemberTableTest::row);
    }
}
