package dev.surefoot.core.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.FetchedAnswer.Amount;
import org.junit.jupiter.api.Test;

class FetchedAnswerTest {

    @Test
    void anAnswerIsReadWhenTheLastOfItsDeliveriesHasEnded() {
        FetchedAnswer answer = new FetchedAnswer().addDelivery().addDelivery().addDelivery();

        assertThat(answer.endDelivery("a", 1, 10)).isFalse();
        assertThat(answer.endDelivery("b", 2, 20)).isFalse();
        assertThat(answer.endDelivery("a", 3, 30)).isTrue();
    }

    @Test
    void whatWasReadIsAddedUpForEachTopicAndForAll() {
        FetchedAnswer answer = new FetchedAnswer().addDelivery().addDelivery().addDelivery();
        answer.endDelivery("a", 1, 10);
        answer.endDelivery("b", 2, 20);
        answer.endDelivery("a", 4, 40);

        assertThat(answer.byTopic())
                .containsOnlyKeys("a", "b")
                .containsEntry("a", new Amount(5, 50))
                .containsEntry("b", new Amount(2, 20));
        assertThat(answer.total()).isEqualTo(new Amount(7, 70));
    }

    @Test
    void nothingIsReadOfAnAnswerAtFirst() {
        assertThat(new FetchedAnswer().addDelivery().total()).isEqualTo(new Amount(0, 0));
        assertThat(new FetchedAnswer().addDelivery().byTopic()).isEmpty();
    }
}
