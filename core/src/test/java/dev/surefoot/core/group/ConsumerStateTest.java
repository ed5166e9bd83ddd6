package dev.surefoot.core.group;

import static dev.surefoot.core.group.ConsumerState.ACKNOWLEDGING;
import static dev.surefoot.core.group.ConsumerState.FATAL;
import static dev.surefoot.core.group.ConsumerState.FENCED;
import static dev.surefoot.core.group.ConsumerState.JOINING;
import static dev.surefoot.core.group.ConsumerState.LEAVING;
import static dev.surefoot.core.group.ConsumerState.PREPARE_LEAVING;
import static dev.surefoot.core.group.ConsumerState.RECONCILING;
import static dev.surefoot.core.group.ConsumerState.STABLE;
import static dev.surefoot.core.group.ConsumerState.STALE;
import static dev.surefoot.core.group.ConsumerState.UNSUBSCRIBED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConsumerStateTest {
    private static final Set<ConsumerState> JOINED = Set.of(JOINING, RECONCILING, ACKNOWLEDGING, STABLE);

    @Test
    void eachStateFollowsItsPredecessorsAndNoOther() {
        Map<ConsumerState, Set<ConsumerState>> predecessors = Map.of(
                UNSUBSCRIBED, Set.of(LEAVING, FENCED),
                JOINING, Set.of(UNSUBSCRIBED, FENCED, STALE),
                RECONCILING, Set.of(JOINING, ACKNOWLEDGING, STABLE),
                ACKNOWLEDGING, Set.of(RECONCILING),
                STABLE, Set.of(JOINING, RECONCILING, ACKNOWLEDGING),
                FENCED, Set.of(JOINING, RECONCILING, ACKNOWLEDGING, STABLE, PREPARE_LEAVING),
                FATAL, Set.of(JOINING, RECONCILING, ACKNOWLEDGING, STABLE, PREPARE_LEAVING),
                PREPARE_LEAVING, JOINED,
                LEAVING, Set.of(PREPARE_LEAVING),
                STALE, Set.of(LEAVING));

        assertThat(predecessors).hasSize(ConsumerState.values().length);
        for (ConsumerState next : ConsumerState.values()) {
            for (ConsumerState previous : ConsumerState.values()) {
                assertThat(next.mayFollow(previous))
                        .as("%s after %s", next, previous)
                        .isEqualTo(predecessors.get(next).contains(previous));
            }
        }
    }

    @Test
    void aMemberIsJoinedFromItsJoinToItsEnd() {
        for (ConsumerState state : ConsumerState.values()) {
            assertThat(state.isJoined()).as("%s", state).isEqualTo(JOINED.contains(state));
        }
    }
}
