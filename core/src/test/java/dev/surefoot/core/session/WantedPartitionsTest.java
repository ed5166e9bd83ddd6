package dev.surefoot.core.session;

import static dev.surefoot.core.session.SessionAndBroker.at;
import static dev.surefoot.core.session.SessionAndBroker.tp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.session.WantedPartitions.Wanted;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What a plan has to look at stays as small as what the broker has still to be told. */
class WantedPartitionsTest {
    private final Uuid id = Uuid.randomUuid();
    private final WantedPartitions wanted = new WantedPartitions();
    private final ToldPartitions told = new ToldPartitions();

    private void want(long offset) {
        wanted.put(tp("a", 0), new Wanted(id, at(offset)));
    }

    private void tell(Uuid topicId, long offset) {
        told.tell(new TopicIdPartition(topicId, tp("a", 0)), at(offset), 0);
    }

    @Test
    void aPartitionThatWasNeverWantedIsNoChangeWhenItIsUnwanted() {
        wanted.remove(tp("a", 0));

        assertThat(wanted.changed()).isEmpty();
    }

    @Test
    void aPartitionThatCameAndWentUntoldIsNoChange() {
        want(5);
        wanted.remove(tp("a", 0));
        wanted.removeTold(told);

        assertThat(wanted.changed()).isEmpty();
    }

    @Test
    void aPartitionThatTheBrokerHoldsAsItIsWantedIsNoChangeWhicheverWayTopicsAreNamed() {
        for (Uuid named : new Uuid[] {id, Uuid.ZERO_UUID}) {
            want(5);
            told.clear();
            tell(named, 5);
            wanted.removeTold(told);

            assertThat(wanted.changed()).isEmpty();
            wanted.remove(tp("a", 0));
        }
    }

    @Test
    void aPartitionThatTheBrokerHasStillToBeToldOfIsAChange() {
        want(5);
        wanted.removeTold(told);
        assertThat(wanted.changed()).as("untold").containsExactly(tp("a", 0));

        tell(id, 4);
        wanted.removeTold(told);
        assertThat(wanted.changed()).as("told otherwise").containsExactly(tp("a", 0));

        told.clear();
        tell(Uuid.randomUuid(), 5);
        wanted.removeTold(told);
        assertThat(wanted.changed()).as("told by another id").containsExactly(tp("a", 0));

        wanted.remove(tp("a", 0));
        wanted.removeTold(told);
        assertThat(wanted.changed()).as("not wanted any more").containsExactly(tp("a", 0));
    }
}
