package dev.surefoot.core.delivery;

import static dev.surefoot.core.delivery.LaneWorld.A;
import static dev.surefoot.core.delivery.LaneWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.records.RecordCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Whoever takes a record may move or pause partitions meanwhile. */
class LanesTakingTest {
    private final LaneWorld world = new LaneWorld().assign(A, B);
    private final List<String> taken = new ArrayList<>();

    LanesTakingTest() {
        world.seek(A, 0);
        world.seek(B, 0);
        world.records(A, 0, 3);
        world.records(B, 0, 2);
    }

    /** Polls, and does something just as {@code a0} is being taken. */
    private int pollAnd(Runnable meanwhile) {
        return world.lanes.poll(Integer.MAX_VALUE, (partition, record) -> {
            String name = partition.topic() + record.offset();
            taken.add(name);
            if (name.equals("a0")) {
                meanwhile.run();
            }
        });
    }

    @Test
    void aSeekEndsTheReadingOfItsPartitionAndHolds() {
        assertThat(pollAnd(() -> world.seek(A, 7))).isEqualTo(3);

        assertThat(taken).containsExactly("a0", "b0", "b1");
        assertThat(world.position(A)).isEqualTo(7);
        assertThat(world.holds()).isZero();
    }

    @Test
    void memoryComesBackWithTheLastRecordAndNotOnlyWithThePollAfterIt() {
        assertThat(world.poll(3)).containsExactly("a0", "a1", "a2");
        assertThat(world.holds()).isEqualTo(1);
        assertThat(world.poll(2)).containsExactly("b0", "b1");
        assertThat(world.holds()).isZero();
    }

    @Test
    void aSeekOfAnotherPartitionDoesNotDisturb() {
        pollAnd(() -> world.seek(B, 7));

        assertThat(taken).containsExactly("a0", "a1", "a2");
        assertThat(world.position(A)).isEqualTo(3);
        assertThat(world.position(B)).isEqualTo(7);
    }

    @Test
    void aPauseEndsTheReadingBehindTheRecord() {
        pollAnd(() -> world.lanes.pause(A, true));

        assertThat(taken).containsExactly("a0", "b0", "b1");
        assertThat(world.position(A)).isEqualTo(1);
        world.lanes.pause(A, false);
        assertThat(world.poll()).containsExactly("a1", "a2");
    }

    @Test
    void aPartitionThatIsGivenUpIsReadNoFurther() {
        pollAnd(() -> world.lanes.assign(Set.of(B)));

        assertThat(taken).containsExactly("a0", "b0", "b1");
        assertThat(world.lanes.assignment()).containsExactly(B);
        assertThat(world.holds()).isZero();
    }

    @Test
    void aSeekToTheSamePlaceShowsTheRecordAgainOnceItIsFetched() {
        pollAnd(() -> world.seek(A, 0));
        world.records(A, 0, 3);

        assertThat(world.poll()).containsExactly("a0", "a1", "a2");
        assertThat(world.lanes.position(A)).isEqualTo(new FetchPosition(3, 0));
    }

    /** Takes records, doing something with each, until one of this name was taken. */
    private Lanes.RecordTaker until(String last, Consumer<String> meanwhile) {
        return new Lanes.RecordTaker() {
            private boolean enough;

            @Override
            public void take(TopicPartition partition, RecordCursor record) {
                String name = partition.topic() + record.offset();
                meanwhile.accept(name);
                taken.add(name);
                enough = name.equals(last);
            }

            @Override
            public boolean hasEnough() {
                return enough;
            }
        };
    }

    private int pollUntil(String last) {
        return world.lanes.poll(Integer.MAX_VALUE, until(last, name -> {}));
    }

    @Test
    void aPollEndsBehindTheRecordAfterWhichTheTakerHasEnough() {
        assertThat(pollUntil("a1")).isEqualTo(2);

        assertThat(taken).containsExactly("a0", "a1");
        assertThat(world.position(A)).isEqualTo(2);
        assertThat(world.position(B)).isZero();
        assertThat(world.poll()).containsExactly("a2", "b0", "b1");
    }

    @Test
    void enoughAfterTheLastRecordOfADeliveryGivesItsMemoryBackAndEndsThePoll() {
        assertThat(pollUntil("a2")).isEqualTo(3);

        assertThat(taken).containsExactly("a0", "a1", "a2");
        assertThat(world.holds()).isEqualTo(1);
        assertThat(world.poll()).containsExactly("b0", "b1");
    }

    @Test
    void enoughHoldsForASoughtPartitionToo() {
        assertThat(world.lanes.poll(Integer.MAX_VALUE, until("a0", name -> world.seek(A, 7))))
                .isEqualTo(1);

        assertThat(taken).containsExactly("a0");
        assertThat(world.position(A)).isEqualTo(7);
        assertThat(world.poll()).containsExactly("b0", "b1");
    }

    @Test
    void aRecordThatCouldNotBeTakenAfterSomeWereEndsThePollAndComesAgain() {
        Lanes.RecordTaker failing = until("a2", name -> {
            if (name.equals("a1")) {
                throw new IllegalArgumentException("refused");
            }
        });

        assertThat(world.lanes.poll(Integer.MAX_VALUE, failing)).isEqualTo(1);

        assertThat(world.position(A)).isEqualTo(1);
        assertThat(pollUntil("a1")).isEqualTo(1);
        assertThat(taken).containsExactly("a0", "a1");
    }
}
