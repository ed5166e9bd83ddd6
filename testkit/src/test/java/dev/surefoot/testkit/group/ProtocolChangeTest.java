package dev.surefoot.testkit.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.testkit.consumer.Client;
import java.util.stream.Stream;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A group changes from the classic to the consumer protocol and back while it works (KIP-848): for a while, members of
 * both protocols and of both clients are in it.
 */
@Tag("soak")
@Timeout(180)
class ProtocolChangeTest {
    /** What the classic members assign by, who stays classic for longest, and who comes. */
    static Stream<Arguments> cases() {
        return Stream.of(Rules.RANGE, Rules.COOPERATIVE_STICKY)
                .flatMap(rules -> Stream.of(Client.values())
                        .flatMap(stays -> Stream.of(Client.values()).map(comes -> Arguments.of(rules, stays, comes))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void d14ThereAndBack(Rules classic, Client stays, Client comes) throws Exception {
        try (MixedGroup group = new MixedGroup(MixedCluster.get())) {
            MixedMember first = group.join("classic-1", stays, classic);
            MixedMember second = group.join("classic-2", comes, classic);
            group.awaitBalance();
            assertThat(group.describe().type()).isEqualTo(GroupType.CLASSIC);

            group.leave(second);
            second = group.join("consumer-2", comes, Rules.CONSUMER);
            group.awaitBalance();
            assertThat(group.describe().type()).isEqualTo(GroupType.CONSUMER);
            group.staysAsItIs();
            group.hasLostAndDoubledNothing();
            assertThat(first.identity().generationId())
                    .isEqualTo(group.describe().groupEpoch().orElseThrow());

            MixedMember third = group.join("consumer-3", comes, Rules.CONSUMER);
            group.awaitBalance();
            group.leave(first);
            first = group.join("consumer-1", stays, Rules.CONSUMER);
            group.awaitBalance();
            group.staysAsItIs();
            group.hasLostAndDoubledNothing();

            group.leave(first);
            first = group.join("classic-again-1", stays, classic);
            group.awaitBalance();
            group.leave(second);
            group.leave(third);
            group.join("classic-again-2", comes, classic);
            group.awaitBalance();
            assertThat(group.describe().type()).isEqualTo(GroupType.CLASSIC);
            group.staysAsItIs();
            // Two members have gone at once, so the group that is made classic is of a generation that its member has
            // not heard of: the member loses what it owns, whatever the client.
            group.hasLostNothing();
        }
    }
}
