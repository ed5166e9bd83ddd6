package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.schedule.GroupShape;
import dev.surefoot.testkit.simulation.schedule.Shape;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The shapes that are a little simpler than a given one: one of its components is that of the simplest
 * shape, or half way there. A group stays one, and gets simpler itself.
 */
final class SimplerShapes {
    private static final GroupShape PLAINEST_GROUP = new GroupShape(
            1, GroupShape.Protocol.CLASSIC, GroupShape.Assignors.RANGE, 0, false, 1_000, false, 0, false);

    private SimplerShapes() {}

    static List<Shape> of(Shape shape) {
        List<Shape> simpler = new ArrayList<>(simpler(shape, Shape.PLAINEST));
        if (shape.group().exists()) {
            simpler.removeIf(other -> !other.group().exists());
            int place = Shape.class.getRecordComponents().length - 1;
            simpler(shape.group(), fitting(shape.group())).forEach(group -> simpler.add(with(shape, place, group)));
        }
        return simpler;
    }

    /** Returns the simplest group of the same protocol. */
    private static GroupShape fitting(GroupShape group) {
        return group.protocol() == GroupShape.Protocol.CLASSIC
                ? PLAINEST_GROUP
                : new GroupShape(1, group.protocol(), GroupShape.Assignors.UNIFORM, 0, false, 1_000, false, 0, false);
    }

    private static <T extends Record> List<T> simpler(T record, T plainest) {
        RecordComponent[] parts = record.getClass().getRecordComponents();
        List<T> simpler = new ArrayList<>();
        for (int part = 0; part < parts.length; part++) {
            Object is = value(parts[part], record);
            Object simplest = value(parts[part], plainest);
            if (!is.equals(simplest)) {
                simpler.add(with(record, part, simplest));
                Object half = halfWay(is, simplest);
                if (!half.equals(is)) {
                    simpler.add(with(record, part, half));
                }
            }
        }
        return simpler;
    }

    private static Object halfWay(Object from, Object to) {
        if (from instanceof Integer less && to instanceof Integer more) {
            return less + (more - less) / 2;
        }
        return from instanceof Long less && to instanceof Long more ? less + (more - less) / 2 : to;
    }

    private static <T extends Record> T with(T record, int part, Object value) {
        RecordComponent[] parts = record.getClass().getRecordComponents();
        Object[] values = Arrays.stream(parts).map(p -> value(p, record)).toArray();
        values[part] = value;
        Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            @SuppressWarnings("unchecked") // the class of a record is that of its type
            Constructor<T> constructor = (Constructor<T>) record.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record that cannot be made from its own parts", e);
        }
    }

    private static Object value(RecordComponent part, Record record) {
        try {
            return part.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record whose parts cannot be read", e);
        }
    }
}
