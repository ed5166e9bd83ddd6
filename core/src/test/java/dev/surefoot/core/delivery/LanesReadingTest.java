package dev.surefoot.core.delivery;

import static dev.surefoot.core.delivery.LaneWorld.A;
import static dev.surefoot.core.delivery.LaneWorld.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.FetchPosition;
import dev.surefoot.core.handover.FetchedAnswer;
import dev.surefoot.core.handover.FetchedBatches;
import dev.surefoot.core.handover.Watermarks;
import dev.surefoot.core.records.Decompressor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What lanes tell of the application's reading, for its metrics. */
class LanesReadingTest {
    private final List<String> told = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private final Lanes lanes =
            new Lanes(false, true, new Decompressor(1 << 20), ReadAhead.NONE, new ReadingListener() {
                @Override
                public void recordsTaken(TopicPartition partition, int records, long bytes) {
                    told.add(partition.topic() + " takes " + records);
                    bytesTaken += bytes;
                }

                @Override
                public void answerRead(FetchedAnswer answer) {
                    answers.add(
                            answer.total().records() + " in " + answer.byTopic().keySet());
                    bytesOfAnswers += answer.total().bytes();
                }

                @Override
                public void changed(LaneView lane, Watermarks marks, boolean read) {
                    FetchPosition position = lane.position();
                    String at = position == null ? "nowhere" : Long.toString(position.offset());
                    told.add(lane.partition().topic() + " at " + at + " of " + marks.highWatermark()
                            + (read ? " read" : ""));
                }
            });
    private long bytesTaken;
    private long bytesOfAnswers;
    private Map<TopicPartition, Long> generations = Map.of();

    private void assign(TopicPartition... partitions) {
        generations = lanes.assign(List.of(partitions));
    }

    private void records(TopicPartition partition, long from, ByteBuffer batches, long next, FetchedAnswer answer) {
        lanes.offer(new Delivery.Records(
                partition,
                generations.get(partition),
                new FetchedBatches(from, next, batches, List.of(), new CountedLease()),
                new Watermarks(next, next, 0),
                answer));
    }

    private void positioned(TopicPartition partition, long offset) {
        lanes.offer(new Delivery.Positioned(
                partition, generations.get(partition), new FetchPosition(offset, -1), Uuid.ZERO_UUID));
    }

    private void poll(int most) {
        lanes.poll(most, (partition, record) -> {});
        lanes.tellChanges();
    }

    private List<String> told() {
        List<String> all = List.copyOf(told);
        told.clear();
        return all;
    }

    @Test
    void aPartitionIsToldOfOnceInAPollThatMovesIt() {
        assign(A, B);
        positioned(A, 0);
        records(A, 0, Batches.of(A, 0, 3), 3, new FetchedAnswer().addDelivery());
        records(A, 3, Batches.of(A, 3, 3), 6, new FetchedAnswer().addDelivery());
        poll(100);
        assertThat(told()).containsExactly("a takes 3", "a takes 3", "a at 6 of 6 read");
        poll(100);
        assertThat(told()).isEmpty();
    }

    @Test
    void aPositionThatMovesWithoutARecordIsToldOf() {
        assign(A);
        positioned(A, 0);
        records(A, 0, Batches.marker(0), 1, new FetchedAnswer().addDelivery());
        poll(100);
        assertThat(told()).containsExactly("a at 1 of 1 read");
        records(A, 1, Batches.of(A, 1, 1), 40, new FetchedAnswer().addDelivery());
        poll(100);
        assertThat(told()).containsExactly("a takes 1", "a at 40 of 40 read");
    }

    @Test
    void watermarksPositionsAndSeeksAreToldOf() {
        assign(A, B);
        positioned(A, 2);
        lanes.tellChanges();
        assertThat(told()).containsExactly("a at 2 of -1");
        lanes.offer(new Delivery.Marks(A, generations.get(A), new Watermarks(7, 7, 0)));
        lanes.tellChanges();
        assertThat(told()).containsExactly("a at 2 of 7");
        lanes.seek(A, null);
        lanes.seek(B, new FetchPosition(5, -1));
        lanes.tellChanges();
        assertThat(told()).containsExactly("a at nowhere of 7", "b at 5 of -1");
    }

    @Test
    void aPartitionThatIsRevokedIsToldOfNoMore() {
        assign(A, B);
        positioned(A, 2);
        positioned(B, 3);
        assign(B);
        lanes.tellChanges();
        assertThat(told()).containsExactly("b at 3 of -1");
    }

    @Test
    void anAnswerIsReadWhenItsLastRecordsAreTakenOrDropped() {
        assign(A, B);
        positioned(A, 0);
        positioned(B, 0);
        FetchedAnswer answer = new FetchedAnswer().addDelivery().addDelivery();
        records(A, 0, Batches.of(A, 0, 3), 3, answer);
        records(B, 0, Batches.of(B, 0, 5), 5, answer);
        poll(5);
        assertThat(answers).isEmpty();
        lanes.seek(B, new FetchPosition(0, -1));
        assertThat(answers).containsExactly("5 in [a, b]");
        assertThat(bytesOfAnswers).isEqualTo(bytesTaken).isPositive();
    }

    @Test
    void whatIsDroppedUnreadIsNoPartOfWhatWasRead() {
        assign(A, B);
        positioned(A, 0);
        FetchedAnswer answer = new FetchedAnswer().addDelivery().addDelivery().addDelivery();
        records(A, 0, Batches.of(A, 0, 3), 3, answer);
        lanes.poll(2, (partition, record) -> {});
        lanes.offer(new Delivery.Records(
                A,
                -1,
                new FetchedBatches(0, 3, Batches.of(A, 0, 3), List.of(), new CountedLease()),
                Watermarks.UNKNOWN,
                answer));
        long generationOfB = generations.get(B);
        assign(A);
        lanes.offer(new Delivery.Records(
                B,
                generationOfB,
                new FetchedBatches(0, 1, Batches.of(B, 0, 1), List.of(), new CountedLease()),
                Watermarks.UNKNOWN,
                answer));
        assertThat(answers).isEmpty();
        poll(100);
        assertThat(answers).containsExactly("3 in [a, b]");
    }

    @Test
    void anAnswerOfWhichTheRestIsForARevokedPartitionIsRead() {
        assign(A, B);
        positioned(A, 0);
        FetchedAnswer answer = new FetchedAnswer().addDelivery().addDelivery();
        records(A, 0, Batches.of(A, 0, 3), 3, answer);
        Map<TopicPartition, Long> both = generations;
        poll(100);
        assign(A);
        generations = both;
        assertThat(answers).isEmpty();

        records(B, 0, Batches.of(B, 0, 2), 2, answer);

        assertThat(answers).containsExactly("3 in [a, b]");
    }

    @Test
    void aPartitionThatHasComeToAFailureIsNotReadOn() {
        assign(A, B);
        positioned(A, 0);
        positioned(B, 0);
        records(A, 0, Batches.of(A, 0, 3), 3, new FetchedAnswer().addDelivery());
        lanes.offer(new Delivery.Failure(B, generations.get(B), new KafkaException("wait"), false));
        lanes.tellChanges();
        told();

        poll(100);

        assertThat(told()).containsExactly("a takes 3", "a at 3 of 3 read");
    }
}
