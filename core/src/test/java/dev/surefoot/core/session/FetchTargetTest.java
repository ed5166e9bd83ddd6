package dev.surefoot.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FetchTargetTest {
    @Test
    void offsetsCountFromZero() {
        assertThat(SessionAndBroker.at(0).fetchOffset()).isZero();
        assertThatThrownBy(() -> SessionAndBroker.at(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got -1");
    }
}
