package dev.surefoot.testkit.group;

import dev.surefoot.testkit.consumer.Client;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Members of both clients share a topic, whichever of them leads, and hand it over without loss or repetition. */
@Tag("soak")
@Timeout(180)
class MixedMembersTest {
    static Stream<Arguments> rulesAndFirstClients() {
        return Rules.plain().flatMap(rules -> Stream.of(Client.values()).map(client -> Arguments.of(rules, client)));
    }

    private static Client other(Client client) {
        return client == Client.KAFKA ? Client.SUREFOOT : Client.KAFKA;
    }

    @ParameterizedTest
    @MethodSource("rulesAndFirstClients")
    void shareATopicAndHandItOver(Rules rules, Client first) {
        try (MixedGroup group = new MixedGroup(MixedCluster.get())) {
            MixedMember leader = group.join("first", first, rules);
            group.awaitBalance();
            group.join("second", other(first), rules);
            group.awaitBalance();
            group.join("third", first, rules);
            group.join("fourth", other(first), rules);
            group.awaitBalance();
            group.staysAsItIs();
            group.hasLostAndDoubledNothing();
            // Another member leads the classic group now.
            group.leave(leader);
            group.awaitBalance();
            group.staysAsItIs();
            group.hasLostAndDoubledNothing();
        }
    }
}
