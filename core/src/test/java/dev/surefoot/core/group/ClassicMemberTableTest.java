package dev.surefoot.core.group;

import static dev.surefoot.core.group.ClassicTableStates.settings;

import dev.surefoot.core.handover.GroupNotice;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What each input does to a member of the classic protocol in each of its states, requests and deadlines included. */
class ClassicMemberTableTest {
    /** What follows at once, and what follows when the application polls. */
    private static String row(TracedMember member, Consumer<TracedMember> input) {
        member.takeTrace();
        input.accept(member);
        StringBuilder row = new StringBuilder(member.takeTrace());
        GroupNotice inHand = member.inHand;
        if (inHand != null) {
            member.giveBack();
            member.settle(inHand);
        }
        member.poll();
        return row.append(" / ").append(member.takeTrace()).toString();
    }

    @Test
    void cooperativeThatStopsAtTheLapse() {
        ClassicTableInputs.table(settings(null, true, true)).compare("classic.txt", ClassicMemberTableTest::row);
    }
}
