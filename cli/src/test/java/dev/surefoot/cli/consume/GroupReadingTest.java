package dev.surefoot.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.surefoot.cli.console.CommandFailure;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

class GroupReadingTest {

    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final long INTERVAL_MS = 5_000;

    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final List<String> notices = new ArrayList<>();
    private final List<String> rebalances = new ArrayList<>();
    private long nowMs = 1_000;

    @Test
    void whatWasPrintedIsCommittedAtTheEndAndNoMore() throws IOException {
        Member member = new Member(poll -> {});
        member.hold(FIRST, 10);
        member.gives(FIRST);

        read(member, CommitMode.ON_EXIT, atMost(3), seen);

        assertThat(lines()).containsExactly("v0", "v1", "v2");
        assertThat(member.stored).isEqualTo(Map.of(FIRST, 3L));
        assertThat(rebalances).containsExactly("gained orders[0]; owns orders[0]");
    }

    @Test
    void nothingIsCommittedIfThatWasAskedFor() throws IOException {
        Member member = new Member(poll -> {});
        member.hold(FIRST, 10);
        member.gives(FIRST);

        read(member, CommitMode.NONE, atMost(3), seen);

        assertThat(member.stored).isEmpty();
    }

    @Test
    void partitionsAreWrittenOutAndCommittedBeforeTheyAreGivenBack() throws IOException {
        Member member = new Member(poll -> {
            if (poll.number == 2) {
                assertThat(lines()).as("lines that wait in the buffer").isEmpty();
                poll.member.rebalance(List.of(SECOND));
                assertThat(lines()).hasSize(9).contains("v0", "v1", "v6");
                assertThat(poll.member.stored).isEqualTo(Map.of(FIRST, 2L));
            }
        });
        member.hold(FIRST, 2);
        member.hold(SECOND, 9);
        member.gives(FIRST, SECOND);

        read(member, CommitMode.ON_EXIT, untilEnd(), seen);

        assertThat(member.stored).isEqualTo(Map.of(FIRST, 2L, SECOND, 9L));
        assertThat(rebalances)
                .containsExactly(
                        "gained orders[0-1]; owns orders[0-1]",
                        "gave back orders[0]; owns orders[1]",
                        "gained nothing; owns orders[1]");
    }

    @Test
    void lostPartitionsAreNotCommitted() throws IOException {
        Member member = new Member(poll -> {
            if (poll.number == 2) {
                poll.member.losesAll();
                poll.member.gives(SECOND);
            }
        });
        member.hold(FIRST, 2);
        member.hold(SECOND, 2);
        member.gives(FIRST);

        read(member, CommitMode.ON_EXIT, atMost(4), seen);

        assertThat(member.stored).isEqualTo(Map.of(SECOND, 2L));
        assertThat(rebalances.get(1)).startsWith("lost orders[0]; owns nothing; ");
    }

    @Test
    void whatTheOutputHasNotTakenIsNotCommitted() {
        Member member = new Member(poll -> nowMs += 1_000);
        member.hold(FIRST, 1_000);
        member.gives(FIRST);
        ClosingPipe pipe = new ClosingPipe(100);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> read(member, CommitMode.ON_EXIT, atMost(2_000), pipe))
                .withMessage("Broken pipe");

        long committed = member.stored.get(FIRST);
        assertThat(committed).isPositive();
        assertThat(pipe.taken().lines().toList())
                .startsWith(LongStream.range(0, committed)
                        .mapToObj(each -> "v" + each)
                        .toArray(String[]::new));
    }

    @Test
    void anOutputThatFailsWhilePartitionsAreGivenBackEndsTheReading() {
        Member member = new Member(poll -> {
            if (poll.number == 2) {
                poll.member.rebalance(List.of());
            }
        });
        member.hold(FIRST, 5);
        member.gives(FIRST);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> read(member, CommitMode.ON_EXIT, atMost(9), new ClosingPipe(0)))
                .withMessage("Broken pipe");

        assertThat(member.stored).isEmpty();
    }

    @Test
    void aRequestToStopCommitsWhatIsOut() throws IOException {
        Member member = new Member(poll -> {
            if (poll.number == 2) {
                throw new WakeupException();
            }
        });
        member.hold(FIRST, 5);
        member.gives(FIRST);

        assertThatExceptionOfType(WakeupException.class)
                .isThrownBy(() -> read(member, CommitMode.ON_EXIT, atMost(9), seen));

        assertThat(lines()).hasSize(5);
        assertThat(member.stored).isEqualTo(Map.of(FIRST, 5L));
    }

    @Test
    void offsetsAreCommittedEachIntervalWhileReadingGoesOn() throws IOException {
        List<Long> storedBefore = new ArrayList<>();
        Member member = new Member(poll -> {
            nowMs += 1_000;
            storedBefore.add(poll.member.stored.getOrDefault(FIRST, 0L));
        });
        member.hold(FIRST, 100);
        member.gives(FIRST);

        read(member, CommitMode.INTERVAL, atMost(80), seen);

        // A poll reads 7 records; the first commit comes with the fifth poll.
        assertThat(storedBefore.subList(0, 5)).containsOnly(0L);
        assertThat(storedBefore.get(5)).isBetween(28L, 35L);
        assertThat(storedBefore.subList(5, 10)).containsOnly(storedBefore.get(5));
        assertThat(storedBefore.get(10)).isGreaterThan(35L);
        assertThat(member.stored).isEqualTo(Map.of(FIRST, 80L));
    }

    @Test
    void theSameOffsetsAreNotCommittedAgain() throws IOException {
        Member member = new Member(poll -> nowMs += INTERVAL_MS);
        member.hold(FIRST, 3);
        member.gives(FIRST);
        member.endsAfterPoll(10);

        assertThatExceptionOfType(WakeupException.class)
                .isThrownBy(() -> read(member, CommitMode.INTERVAL, atMost(9), seen));

        assertThat(member.commits).isEqualTo(1);
        assertThat(member.stored).isEqualTo(Map.of(FIRST, 3L));
    }

    @Test
    void offsetsWithoutARecordAreCommittedTooOnceTheyAreBehind() throws IOException {
        Member member = new Member(poll -> {});
        member.holdWithGap(FIRST, 3, 9);
        member.gives(FIRST);

        read(member, CommitMode.ON_EXIT, untilEnd(), seen);

        assertThat(lines()).hasSize(3);
        assertThat(member.stored).isEqualTo(Map.of(FIRST, 9L));
    }

    @Test
    void aMemberThatOwnsNothingWaitsForAPartition() throws IOException {
        Member member = new Member(poll -> {
            if (poll.number == 5) {
                poll.member.gives(FIRST);
            }
        });
        member.hold(FIRST, 2);
        member.gives();

        read(member, CommitMode.ON_EXIT, untilEnd(), seen);

        assertThat(lines()).containsExactly("v0", "v1");
    }

    @Test
    void anEndIsThatOfTheFirstAssignment() throws IOException {
        Member member = new Member(poll -> {
            if (poll.number == 2) {
                poll.member.hold(FIRST, 50);
                poll.member.rebalance(List.of());
                poll.member.gives(FIRST);
            }
        });
        member.hold(FIRST, 10);
        member.gives(FIRST);

        read(member, CommitMode.ON_EXIT, untilEnd(), seen);

        assertThat(lines()).hasSize(10).doesNotHaveDuplicates().endsWith("v9");
        assertThat(member.stored).isEqualTo(Map.of(FIRST, 10L));
    }

    @Test
    void aTimeThatHasPassedEndsPartitionsThatAreGainedLaterToo() throws IOException {
        Member member = new Member(poll -> {
            if (poll.number == 2) {
                poll.member.gives(FIRST, SECOND);
            }
        });
        Map<Long, Long> timestamps =
                LongStream.range(0, 20).boxed().collect(Collectors.toMap(each -> each, each -> each));
        member.hold(FIRST, 0, 20, timestamps);
        member.hold(SECOND, 0, 20, timestamps);
        member.gives(FIRST);

        ReadingOptions untilTen = new ReadingOptions(
                new StartPosition.Beginning(), Long.MAX_VALUE, false, OptionalLong.of(10), Duration.ofSeconds(10));
        read(member, CommitMode.ON_EXIT, untilTen, seen);

        assertThat(lines()).hasSize(20).contains("v9").doesNotContain("v10");
        assertThat(member.stored).isEqualTo(Map.of(FIRST, 10L, SECOND, 10L));
    }

    @Test
    void aCommitThatFailsAtTheEndIsAFailure() {
        Member member = new Member(poll -> {});
        member.hold(FIRST, 3);
        member.gives(FIRST);
        member.commitFailure = new CommitFailedException("too late");

        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> read(member, CommitMode.ON_EXIT, atMost(2), seen))
                .withMessage("the offsets of orders[0] are not committed, so the group will read some records again:"
                        + " too late");
    }

    @Test
    void aCommitThatFailsBeforePartitionsAreGivenBackIsToldAndReadingGoesOn() throws IOException {
        Member member = new Member(poll -> {
            if (poll.number == 2) {
                poll.member.commitFailure = new CommitFailedException("too late");
                poll.member.rebalance(List.of(SECOND));
                poll.member.commitFailure = null;
            }
        });
        member.hold(FIRST, 2);
        member.hold(SECOND, 9);
        member.gives(FIRST, SECOND);

        read(member, CommitMode.ON_EXIT, untilEnd(), seen);

        assertThat(notices)
                .containsExactly("the offsets of orders[0] are not committed, so the group will read some"
                        + " records again: too late");
        assertThat(member.stored).isEqualTo(Map.of(SECOND, 9L));
    }

    @Test
    void aRequestToStopDuringTheLastCommitDoesNotPreventIt() throws IOException {
        Member member = new Member(poll -> {});
        member.hold(FIRST, 3);
        member.gives(FIRST);
        member.wakeupsInCommit = 1;

        read(member, CommitMode.ON_EXIT, atMost(2), seen);

        assertThat(member.stored).isEqualTo(Map.of(FIRST, 2L));
    }

    private static ReadingOptions atMost(long records) {
        return options(records, false);
    }

    private static ReadingOptions untilEnd() {
        return options(Long.MAX_VALUE, true);
    }

    private static ReadingOptions options(long max, boolean untilEnd) {
        return new ReadingOptions(
                new StartPosition.Beginning(), max, untilEnd, OptionalLong.empty(), Duration.ofSeconds(10));
    }

    private List<String> lines() {
        return seen.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void read(Member member, CommitMode mode, ReadingOptions options, OutputStream sink) throws IOException {
        Clock clock = new TurnedClock();
        PromptOutput output = new PromptOutput(new BufferedOutputStream(sink), () -> nowMs * 1_000_000);
        ReadingEnds ends = new ReadingEnds(options.untilMs(), clock);
        Printout printout = new Printout(TokenFormat.parse("%s\\n", "NULL"), output, ends, options.max());
        OpenPartitions open = new OpenPartitions(member, options, printout, ends);
        PrintedCommits commits =
                new PrintedCommits(member, mode, INTERVAL_MS, Duration.ofSeconds(5), clock, notices::add);
        TopicChoice topics = new TopicChoice.Named(Set.of("orders"));
        try (Reading reading = new GroupReading(member, topics, options, printout, open, commits, rebalances::add)) {
            reading.run();
        }
    }

    /** One poll of a member, counted from 1. */
    private record Poll(int number, Member member) {}

    @FunctionalInterface
    private interface Act {

        /** Does something before a poll returns records. */
        void before(Poll poll);
    }

    /** A member of a group whose coordinator is the test. */
    private static final class Member extends LogConsumer {

        private final Act act;
        private final Map<TopicPartition, Long> stored = new HashMap<>();
        private ConsumerRebalanceListener listener;
        private List<TopicPartition> given;
        private KafkaException commitFailure;
        private int wakeupsInCommit;
        private int commits;
        private int polls;
        private int pollsMax = 1_000;

        Member(Act act) {
            this.act = act;
        }

        void hold(TopicPartition partition, int records) {
            holdWithGap(partition, records, records);
        }

        void holdWithGap(TopicPartition partition, int records, long end) {
            hold(
                    partition,
                    0,
                    end,
                    IntStream.range(0, records).boxed().collect(Collectors.toMap(Integer::longValue, each -> 0L)));
        }

        /** The next poll assigns these partitions, and those that are assigned already stay. */
        void gives(TopicPartition... partitions) {
            given = List.of(partitions);
        }

        void endsAfterPoll(int number) {
            pollsMax = number;
        }

        void losesAll() {
            Set<TopicPartition> lost = Set.copyOf(assignment());
            listener.onPartitionsLost(lost);
            ConsumerRebalanceListener told = listener;
            unsubscribe();
            super.subscribe(List.of("orders"), told);
        }

        @Override
        public synchronized void subscribe(Collection<String> topics, ConsumerRebalanceListener rebalanceListener) {
            listener = rebalanceListener;
            super.subscribe(topics, rebalanceListener);
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls++;
            if (polls > pollsMax) {
                throw new WakeupException();
            }
            act.before(new Poll(polls, this));
            if (given != null) {
                List<TopicPartition> now = given;
                given = null;
                now.stream()
                        .filter(each -> !assignment().contains(each))
                        .forEach(each -> seek(each, stored.getOrDefault(each, 0L)));
                if (now.isEmpty()) {
                    listener.onPartitionsAssigned(List.of());
                } else {
                    rebalance(now);
                }
            }
            return super.poll(timeout);
        }

        @Override
        public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            if (wakeupsInCommit > 0) {
                wakeupsInCommit--;
                throw new WakeupException();
            }
            if (commitFailure != null) {
                throw commitFailure;
            }
            store(offsets);
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            store(offsets);
            callback.onComplete(offsets, null);
        }

        private void store(Map<TopicPartition, OffsetAndMetadata> offsets) {
            assertThat(assignment()).as("partitions owned at a commit").containsAll(offsets.keySet());
            commits++;
            offsets.forEach((partition, next) -> stored.put(partition, next.offset()));
        }
    }

    /** Takes so many bytes, and then fails as a pipe whose other end is closed. */
    private static final class ClosingPipe extends OutputStream {

        private final int bytesMax;
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        ClosingPipe(int bytesMax) {
            this.bytesMax = bytesMax;
        }

        String taken() {
            return taken.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void write(int octet) throws IOException {
            if (taken.size() >= bytesMax) {
                throw new IOException("Broken pipe");
            }
            taken.write(octet);
        }
    }

    private final class TurnedClock extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs);
        }
    }
}
