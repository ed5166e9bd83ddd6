package dev.surefoot.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.FetchPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Long random histories of lanes, beside a twin that keeps nothing but a list of what each partition has yet to
 * give. The twin does not know which partition comes next; it checks that each gives what is due from it, and
 * that nothing stays behind.
 */
class LanesAgainstTwinTest {
    private static final int OPERATIONS = 4_000;
    private static final List<TopicPartition> PARTITIONS =
            IntStream.range(0, 5).mapToObj(i -> new TopicPartition("p" + i, 0)).toList();

    /** One partition as the twin sees it: what is to come, as offsets of records, failures, and new positions. */
    private static final class Twin {
        final List<Due> due = new ArrayList<>();
        long position = -1;
        /** Where the next data from the loop begins, or -1 while the position is looked up. */
        long fetching = -1;

        boolean paused;

        boolean ready() {
            return !paused && !due.isEmpty();
        }

        /**
         * Passes the ends of deliveries that the lane has passed, which shows in their leases;
         * returns whether there were any.
         */
        boolean passEnds() {
            boolean any = false;
            while (!due.isEmpty()
                    && due.get(0).kind() == Kind.END
                    && due.get(0).lease().holds() == 0) {
                position = due.remove(0).offset();
                settle();
                any = true;
            }
            return any;
        }

        void settle() {
            while (!due.isEmpty() && due.get(0).kind() == Kind.POSITIONED) {
                position = due.remove(0).offset();
            }
        }
    }

    private enum Kind {
        RECORD,
        END,
        POSITIONED,
        PASSING,
        LASTING
    }

    private record Due(Kind kind, long offset, CountedLease lease) {
        Due(Kind kind, long offset) {
            this(kind, offset, new CountedLease());
        }
    }

    private final Map<TopicPartition, Twin> twins = new HashMap<>();
    private final LaneWorld world = new LaneWorld();
    private Random random = new Random();
    private int step;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everythingIsAsTheTwinExpects(long seed) {
        run(seed);
    }

    @Test
    void everythingIsAsTheTwinExpectsInAHistoryNobodyHasSeenYet() {
        run(Long.getLong("surefoot.seed", System.nanoTime()));
    }

    private void run(long seed) {
        random = new Random(seed);
        assign();
        try {
            for (step = 0; step < OPERATIONS; step++) {
                operate();
                check();
            }
            world.assign();
            assertThat(world.holds()).isZero();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", step " + step, e);
        }
    }

    private void operate() {
        TopicPartition partition = PARTITIONS.get(random.nextInt(PARTITIONS.size()));
        int chance = random.nextInt(100);
        if (chance < 2) {
            assign();
        } else if (chance < 3) {
            yieldBlocked();
        } else if (chance < 40) {
            poll();
        } else if (twins.containsKey(partition)) {
            operate(partition, twins.get(partition), random.nextInt(60));
        }
    }

    private void operate(TopicPartition partition, Twin twin, int chance) {
        if (chance < 4) {
            seek(partition, twin);
        } else if (chance < 10) {
            twin.paused = random.nextBoolean();
            world.lanes.pause(partition, twin.paused);
        } else if (chance < 13) {
            positioned(partition, twin, random.nextInt(100));
        } else if (chance < 15) {
            fail(partition, twin);
        } else if (chance < 18) {
            long old = world.generation(partition) - 1 - random.nextInt(3);
            CountedLease late = world.records(partition, old, 0, 1, Batches.of(partition, 0, 1));
            assertThat(late.holds()).as("holds on late data").isZero();
        } else if (twin.fetching < 0) {
            positioned(partition, twin, random.nextInt(100));
        } else {
            deliver(partition, twin);
        }
    }

    private void assign() {
        List<TopicPartition> chosen =
                PARTITIONS.stream().filter(partition -> random.nextInt(4) > 0).toList();
        List<Twin> revoked = twins.entrySet().stream()
                .filter(entry -> !chosen.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        twins.keySet().retainAll(chosen);
        chosen.forEach(partition -> twins.computeIfAbsent(partition, name -> new Twin()));
        world.assign(chosen.toArray(TopicPartition[]::new));
        revoked.forEach(LanesAgainstTwinTest::drop);
    }

    private void seek(TopicPartition partition, Twin twin) {
        twin.position = random.nextBoolean() ? random.nextInt(1000) : -1;
        twin.fetching = twin.position;
        FetchPosition position = twin.position < 0 ? null : new FetchPosition(twin.position, -1);
        world.generations.put(partition, world.lanes.seek(partition, position));
        drop(twin);
    }

    private static void drop(Twin twin) {
        for (Due due : twin.due) {
            assertThat(due.kind() == Kind.END && due.lease().holds() > 0)
                    .as("data that was dropped is held")
                    .isFalse();
        }
        twin.due.clear();
    }

    private void positioned(TopicPartition partition, Twin twin, long offset) {
        world.positioned(partition, offset);
        twin.due.add(new Due(Kind.POSITIONED, offset));
        twin.fetching = offset;
        twin.settle();
    }

    private void fail(TopicPartition partition, Twin twin) {
        boolean lasting = random.nextInt(4) == 0;
        world.failure(partition, lasting);
        Kind last = twin.due.isEmpty()
                ? Kind.END
                : twin.due.get(twin.due.size() - 1).kind();
        if (lasting || (last != Kind.PASSING && last != Kind.LASTING)) {
            twin.due.add(new Due(lasting ? Kind.LASTING : Kind.PASSING, 0));
        }
    }

    /** A few batches, some of them compressed, some control batches, with gaps between them. */
    private void deliver(TopicPartition partition, Twin twin) {
        long from = twin.fetching;
        long next = from - (from > 3 ? random.nextInt(3) : 0);
        List<ByteBuffer> batches = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0 || next <= from; i--) {
            next += random.nextInt(3) == 0 ? random.nextInt(5) : 0;
            if (random.nextInt(5) == 0) {
                batches.add(Batches.marker(next++));
            } else {
                int count = 1 + random.nextInt(6);
                CompressionType[] types = CompressionType.values();
                batches.add(Batches.of(partition, types[random.nextInt(types.length)], next, count, 0));
                for (int r = 0; r < count; r++, next++) {
                    if (next >= from) {
                        twin.due.add(new Due(Kind.RECORD, next));
                    }
                }
            }
        }
        next += random.nextInt(3) == 0 ? 2 : 0;
        twin.fetching = next;
        CountedLease lease = world.records(
                partition, world.generation(partition), from, next, Batches.join(batches.toArray(ByteBuffer[]::new)));
        twin.due.add(new Due(Kind.END, next, lease));
    }

    private void poll() {
        world.poison = random.nextInt(3) == 0 ? anyRecordDue() : "";
        int most = 1 + (random.nextInt(6) == 0 ? 1000 : random.nextInt(12));
        int before = world.taken.size();
        boolean threw = false;
        try {
            assertThat(world.poll(most)).hasSizeLessThanOrEqualTo(most);
        } catch (RuntimeException e) {
            threw = true;
            assertThat(world.taken).as("taken by a poll that throws").hasSize(before);
            expect(e);
        }
        world.taken.subList(before, world.taken.size()).forEach(this::take);
        boolean ended = false;
        for (Twin twin : twins.values()) {
            ended |= twin.passEnds();
        }
        if (!threw && world.taken.size() == before) {
            assertThat(ended || twins.values().stream().noneMatch(Twin::ready))
                    .as("a poll comes back empty only if there is nothing or a position has moved")
                    .isTrue();
        }
    }

    private String anyRecordDue() {
        return twins.entrySet().stream()
                .flatMap(entry -> entry.getValue().due.stream()
                        .filter(due -> due.kind() == Kind.RECORD)
                        .map(due -> entry.getKey().topic() + due.offset()))
                .skip(random.nextInt(5))
                .findFirst()
                .orElse("");
    }

    private void expect(RuntimeException e) {
        for (Map.Entry<TopicPartition, Twin> entry : twins.entrySet()) {
            TopicPartition partition = entry.getKey();
            Twin twin = entry.getValue();
            twin.passEnds();
            if (!twin.ready()) {
                continue;
            }
            Due first = twin.due.get(0);
            String expected =
                    switch (first.kind()) {
                        case RECORD -> "poison at " + partition.topic() + first.offset();
                        case PASSING -> "passing of " + partition;
                        case LASTING -> "lasting of " + partition;
                        case END, POSITIONED -> "nothing";
                    };
            if (expected.equals(e.getMessage())) {
                if (first.kind() == Kind.PASSING) {
                    twin.due.remove(0);
                    twin.settle();
                }
                return;
            }
        }
        throw new AssertionError("nothing like this is due", e);
    }

    private void take(String name) {
        Twin twin = twins.get(new TopicPartition(name.substring(0, 2), 0));
        long offset = Long.parseLong(name.substring(2));
        twin.passEnds();
        assertThat(twin.ready()).as("something is due where %s was taken", name).isTrue();
        Due first = twin.due.remove(0);
        assertThat(first.kind()).isEqualTo(Kind.RECORD);
        assertThat(first.offset()).as("offset due where %s was taken", name).isEqualTo(offset);
        twin.position = offset + 1;
    }

    private void yieldBlocked() {
        world.lanes.yieldBlocked().forEach((partition, yielded) -> {
            Twin twin = twins.get(partition);
            world.generations.put(partition, yielded.generation());
            drop(twin);
            twin.fetching = twin.position;
        });
    }

    private void check() {
        twins.forEach((partition, twin) -> {
            assertThat(world.position(partition)).as("position of " + partition).isEqualTo(twin.position);
        });
        assertThat(world.lanes.assignment()).isEqualTo(twins.keySet());
        assertThat(world.lanes.paused())
                .isEqualTo(twins.entrySet().stream()
                        .filter(entry -> entry.getValue().paused)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()));
    }
}
