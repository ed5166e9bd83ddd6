package dev.surefoot.testkit.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.consumer.Client;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A group of both clients changes from an eager to the cooperative assignor while it works: first every member learns
 * the new one, then every member forgets the old one (KIP-429).
 */
@Tag("soak")
@Timeout(180)
class AssignorChangeTest {
    private static final int MEMBERS = 3;

    @ParameterizedTest
    @EnumSource
    void gt15InTwoSteps(Client first) {
        try (MixedGroup group = new MixedGroup(MixedCluster.get())) {
            List<MixedMember> members = new ArrayList<>();
            for (int i = 0; i < MEMBERS; i++) {
                members.add(group.join("range-" + i, client(first, i), Rules.RANGE));
            }
            group.awaitBalance();
            step(group, members, first, Rules.COOPERATIVE_STICKY_OR_RANGE);
            step(group, members, first, Rules.COOPERATIVE_STICKY);
            // Everybody is cooperative by now: the one more that comes takes from the others what it gets, no more.
            int takenBefore = taken(members);
            MixedMember more = group.join("more", first, Rules.COOPERATIVE_STICKY);
            group.awaitBalance();
            assertThat(taken(members) - takenBefore)
                    .as(group.ledger().text())
                    .isEqualTo(more.assignment().size());
            group.staysAsItIs();
            group.hasLostAndDoubledNothing();
        }
    }

    private static Client client(Client first, int index) {
        return Client.values()[(first.ordinal() + index) % Client.values().length];
    }

    private static int taken(List<MixedMember> members) {
        return members.stream().mapToInt(MixedMember::partitionsTaken).sum();
    }

    private static void step(MixedGroup group, List<MixedMember> members, Client first, Rules rules) {
        for (int i = 0; i < MEMBERS; i++) {
            group.leave(members.get(i));
            members.set(i, group.join(rules + "-" + i, client(first, i), rules));
            group.awaitBalance();
            group.hasLostAndDoubledNothing();
        }
        group.staysAsItIs();
    }
}
