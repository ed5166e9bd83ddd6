package dev.surefoot.core.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FetchPositionTest {

    @Test
    void aPositionOfWhichOnlyTheOffsetIsKnownHasNoEpoch() {
        assertThat(FetchPosition.at(7)).isEqualTo(new FetchPosition(7, -1));
        assertThat(FetchPosition.at(7).leaderEpoch()).isEmpty();
    }

    @Test
    void anEpochIsCarriedThereAndBackAsKafkasTypesHaveIt() {
        assertThat(FetchPosition.of(7, Optional.of(0)).leaderEpoch()).contains(0);
        assertThat(FetchPosition.of(7, Optional.of(3))).isEqualTo(new FetchPosition(7, 3));
        assertThat(FetchPosition.of(7, Optional.empty())).isEqualTo(FetchPosition.at(7));
    }
}
