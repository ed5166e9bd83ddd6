package dev.surefoot.testkit.group;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.surefoot.testkit.consumer.Client;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Surefoot shares a topic with members of librdkafka, whoever leads, where its program is installed. */
@Tag("soak")
@Timeout(180)
class LibrdkafkaMembersTest {
    @BeforeAll
    static void whereItIsInstalled() {
        assumeTrue(KcatMember.isInstalled(), "there is no kcat on PATH; Debian: apt-get install kcat");
    }

    @ParameterizedTest
    @CsvSource({"RANGE, range", "ROUND_ROBIN, roundrobin", "COOPERATIVE_STICKY, cooperative-sticky"})
    void surefootLeadsThenLibrdkafkaLeads(Rules rules, String assignor) throws Exception {
        try (MixedGroup group = new MixedGroup(MixedCluster.get())) {
            MixedMember first = group.join("first", Client.SUREFOOT, rules);
            group.awaitBalance();
            KcatMember kcat = group.joinKcat("kcat", assignor);
            group.awaitSharedWithKcat(2);
            group.hasLostNothing();
            group.leave(first);
            group.awaitSharedWithKcat(1);
            group.join("second", Client.SUREFOOT, rules);
            group.awaitSharedWithKcat(2);
            group.hasLostNothing();
            // What it does not print any more when it is told to end is committed all the same: nothing to count.
            group.leave(kcat);
            group.awaitBalance();
        }
    }
}
