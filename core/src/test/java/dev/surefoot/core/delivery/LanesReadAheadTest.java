package dev.surefoot.core.delivery;

import static dev.surefoot.core.delivery.LaneWorld.A;
import static dev.surefoot.core.delivery.LaneWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.records.BatchesAhead;
import dev.surefoot.core.records.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When what was decompressed ahead is given up. */
class LanesReadAheadTest {
    private final List<Ahead> aheads = new ArrayList<>();
    private final LaneWorld world = new LaneWorld(records -> {
        Ahead ahead = new Ahead();
        aheads.add(ahead);
        return ahead;
    });

    /** Has nothing for anybody, and counts how often it is given up. */
    private static final class Ahead implements BatchesAhead {
        private int drops;

        @Override
        public @Nullable Scratch take(int start) {
            return null;
        }

        @Override
        public void release() {
            drops++;
        }
    }

    LanesReadAheadTest() {
        world.assign(A, B);
        world.seek(A, 0);
        world.seek(B, 0);
    }

    private List<Integer> drops() {
        return aheads.stream().map(ahead -> ahead.drops).toList();
    }

    @Test
    void whatArrivesIsDecompressedAheadAndGivenUpWhenItIsRead() {
        world.records(A, 0, 3);
        world.records(A, 3, 3);
        assertThat(drops()).containsExactly(0, 0);

        world.poll(3);
        assertThat(drops()).containsExactly(1, 0);

        world.poll();
        assertThat(drops()).containsExactly(1, 1);
    }

    @Test
    void aPauseGivesUpWhatWasDecompressedAhead() {
        world.records(A, 0, 3);
        world.records(A, 3, 3);
        world.records(B, 0, 3);

        world.lanes.pause(A, true);

        assertThat(drops()).containsExactly(1, 1, 0);
    }

    @Test
    void aResumeGivesUpNothing() {
        world.records(A, 0, 3);

        world.lanes.pause(A, false);

        assertThat(drops()).containsExactly(0);
        assertThat(world.poll()).hasSize(3);
    }

    @Test
    void whatArrivesDuringAPauseIsNotDecompressedAhead() {
        world.lanes.pause(A, true);
        world.records(A, 0, 3);
        assertThat(aheads).isEmpty();

        world.lanes.pause(A, false);
        assertThat(world.poll()).hasSize(3);
        assertThat(aheads).isEmpty();
    }

    @Test
    void aSeekGivesUpAllOfTheOldPositionAndNothingOfTheNew() {
        world.records(A, 0, 3);
        world.records(A, 3, 3);

        world.seek(A, 10);
        assertThat(drops()).containsExactly(1, 1);
        world.records(A, 10, 2);
        assertThat(drops()).containsExactly(1, 1, 0);

        assertThat(world.poll()).containsExactly("a10", "a11");
        assertThat(drops()).containsExactly(1, 1, 1);
    }

    @Test
    void aRevokedPartitionGivesUpWhatWasDecompressedAhead() {
        world.records(A, 0, 3);
        world.records(B, 0, 3);

        world.lanes.assign(Set.of(B));

        assertThat(drops()).containsExactly(1, 0);
    }

    @Test
    void whatIsOfAnOlderGenerationIsNotDecompressedAhead() {
        long old = world.generation(A);
        world.seek(A, 10);

        world.records(A, old, 0, 3, Batches.of(A, 0, 3));

        assertThat(aheads).isEmpty();
        assertThat(world.holds()).isZero();
    }
}
