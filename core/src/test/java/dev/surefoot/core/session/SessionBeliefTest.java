package dev.surefoot.core.session;

import static dev.surefoot.core.session.SessionAndBroker.BACKOFF_NANOS;
import static dev.surefoot.core.session.SessionAndBroker.at;
import static dev.surefoot.core.session.SessionAndBroker.tp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.surefoot.core.error.BrokerError;
import dev.surefoot.core.model.ModelAnswers;
import dev.surefoot.core.session.SessionBelief.State;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** A belief says what the next request will be based on, and is a picture of one moment. */
class SessionBeliefTest {
    private final SessionAndBroker pair = new SessionAndBroker();

    private SessionBelief belief() {
        return pair.session.belief();
    }

    private void open() {
        pair.want("a", 0, 4);
        pair.want("a", 1, 5);
        pair.exchange();
    }

    @Test
    void beforeTheFirstRequestThereIsNoSession() {
        assertThat(belief()).isEqualTo(new SessionBelief(State.NONE, 0, 0, false, Map.of(), false, 0, Long.MIN_VALUE));
    }

    @Test
    void aLiveSessionIsBelievedToBeWhatTheBrokerHolds() {
        open();
        pair.exchange();

        int opened = pair.plan().sessionId();
        assertThat(belief())
                .isEqualTo(new SessionBelief(
                        State.LIVE,
                        opened,
                        2,
                        true,
                        Map.of(pair.key("a", 0), at(4), pair.key("a", 1), at(5)),
                        false,
                        0,
                        Long.MIN_VALUE));
        assertThat(belief().nextEpoch()).isEqualTo(pair.broker.epoch(opened));
    }

    @Test
    void aSessionThatNamesTopicsByNameSaysSo() {
        pair.topicIds = false;
        open();

        assertThat(belief().byTopicId()).isFalse();
        assertThat(belief().told())
                .containsOnlyKeys(
                        new TopicIdPartition(Uuid.ZERO_UUID, tp("a", 0)),
                        new TopicIdPartition(Uuid.ZERO_UUID, tp("a", 1)));
    }

    @Test
    void toldPartitionsComeInTheOrderOfTheirLastMention() {
        open();
        pair.want("a", 2, 0);
        pair.exchange();
        pair.endOffsets.put(tp("a", 0), 9L);
        pair.exchange();

        assertThat(belief().told().keySet()).containsExactly(pair.key("a", 1), pair.key("a", 2), pair.key("a", 0));
    }

    @Test
    void aSessionThatIsNotTrustedIsNamedAndOpenedFromTheStart() {
        open();
        int opened = belief().sessionId();
        pair.answer(pair.send(), ModelAnswers.refused(BrokerError.UNKNOWN_SERVER_ERROR));

        SessionBelief belief = belief();

        assertThat(belief)
                .isEqualTo(new SessionBelief(
                        State.REOPEN, opened, 0, false, Map.of(), false, 1, pair.session.retryAtNanos()));
        assertThat(belief.retryAtNanos() - pair.now).isBetween(BACKOFF_NANOS * 8 / 10, BACKOFF_NANOS * 12 / 10);
    }

    @Test
    void aClosedSessionHasNothingLeft() {
        open();
        pair.session.close();

        assertThat(belief())
                .isEqualTo(new SessionBelief(State.CLOSED, 0, -1, false, Map.of(), false, 0, Long.MIN_VALUE));
    }

    @Test
    void aRequestOnItsWayIsOutstanding() {
        open();
        pair.send();

        assertThat(belief().outstanding()).isTrue();
    }

    @Test
    void aBeliefStaysAsItWasAndCannotBeChanged() {
        open();
        SessionBelief before = belief();
        pair.want("a", 0, 77);
        pair.unwant("a", 1);
        pair.exchange();

        assertThat(before.told()).containsOnly(Map.entry(pair.key("a", 0), at(4)), Map.entry(pair.key("a", 1), at(5)));
        assertThatThrownBy(() -> before.told().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
