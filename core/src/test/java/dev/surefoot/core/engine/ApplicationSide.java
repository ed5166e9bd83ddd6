package dev.surefoot.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.handover.Delivery;
import dev.surefoot.core.handover.Watermarks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The receiver of deliveries, which checks each one: data of the current generation must begin where the last data
 * ended, and positions move back only by a delivery that says so.
 */
final class ApplicationSide {
    private static final long UNKNOWN = -1;

    private final Map<TopicPartition, Long> generations = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Deque<Delivery.Records> unconsumed = new ArrayDeque<>();
    private long lastGeneration;

    final List<Delivery> taken = new ArrayList<>();
    final List<EngineEvent> others = new ArrayList<>();
    /** Whether records stay in their lanes, with their memory, until {@link #consumeAll}. */
    boolean slow;

    /** Begins a new generation of a partition, whose next position is not known unless it is given. */
    long moved(TopicPartition partition, long position) {
        generations.put(partition, ++lastGeneration);
        positions.put(partition, position);
        return lastGeneration;
    }

    long moved(TopicPartition partition) {
        return moved(partition, UNKNOWN);
    }

    void revoked(TopicPartition partition) {
        generations.remove(partition);
        positions.remove(partition);
    }

    Map<TopicPartition, Long> generations() {
        return Map.copyOf(generations);
    }

    /** The offset of the next record for the application, or -1. */
    long position(TopicPartition partition) {
        return positions.getOrDefault(partition, UNKNOWN);
    }

    void take(EngineEvent event) {
        if (!(event instanceof EngineEvent.Delivered delivered)) {
            others.add(event);
            return;
        }
        Delivery delivery = delivered.delivery();
        boolean current = Long.valueOf(delivery.generation()).equals(generations.get(delivery.partition()));
        if (delivery instanceof Delivery.Records records) {
            if (!current) {
                records.lease().release();
                return;
            }
            take(records);
        } else if (current && delivery instanceof Delivery.Positioned positioned) {
            positions.put(positioned.partition(), positioned.position().offset());
        }
        if (current) {
            taken.add(delivery);
        }
    }

    private void take(Delivery.Records records) {
        assertThat(records.fetchOffset())
                .as("%s goes on where it was", records.partition())
                .isEqualTo(position(records.partition()));
        assertThat(records.nextOffset()).isGreaterThan(records.fetchOffset());
        positions.put(records.partition(), records.nextOffset());
        if (slow) {
            unconsumed.add(records);
        } else {
            records.lease().release();
        }
    }

    void consumeAll() {
        unconsumed.forEach(records -> records.lease().release());
        unconsumed.clear();
    }

    List<Delivery.Failure> failures() {
        return of(Delivery.Failure.class).toList();
    }

    List<Delivery.Records> records(TopicPartition partition) {
        return of(Delivery.Records.class)
                .filter(records -> records.partition().equals(partition))
                .toList();
    }

    Watermarks lastMarks(TopicPartition partition) {
        Watermarks last = Watermarks.UNKNOWN;
        for (Delivery delivery : taken) {
            if (delivery.partition().equals(partition)) {
                if (delivery instanceof Delivery.Marks marks) {
                    last = marks.watermarks();
                } else if (delivery instanceof Delivery.Records records) {
                    last = records.watermarks();
                }
            }
        }
        return last;
    }

    private <D extends Delivery> java.util.stream.Stream<D> of(Class<D> kind) {
        return taken.stream().filter(kind::isInstance).map(kind::cast);
    }

    <E extends EngineEvent> List<E> events(Class<E> kind) {
        return others.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
