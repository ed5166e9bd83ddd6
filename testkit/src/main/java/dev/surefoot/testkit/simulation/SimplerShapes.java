package dev.surefoot.testkit.simulation;

import dev.surefoot.testkit.simulation.schedule.Shape;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The shapes that are a little simpler than a given one: one of its components is that of the simplest
 * shape, or half way there.
 */
final class SimplerShapes {
    private static final RecordComponent[] PARTS = Shape.class.getRecordComponents();

    private SimplerShapes() {}

    static List<Shape> of(Shape shape) {
        List<Shape> simpler = new ArrayList<>();
        for (int part = 0; part < PARTS.length; part++) {
            Object is = value(PARTS[part], shape);
            Object plainest = value(PARTS[part], Shape.PLAINEST);
            if (!is.equals(plainest)) {
                simpler.add(with(shape, part, plainest));
                Object half = halfWay(is, plainest);
                if (!half.equals(is)) {
                    simpler.add(with(shape, part, half));
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

    private static Shape with(Shape shape, int part, Object value) {
        Object[] values = Arrays.stream(PARTS).map(p -> value(p, shape)).toArray();
        values[part] = value;
        Class<?>[] types = Arrays.stream(PARTS).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<Shape> constructor = Shape.class.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record that cannot be made from its own parts", e);
        }
    }

    private static Object value(RecordComponent part, Shape shape) {
        try {
            return part.getAccessor().invoke(shape);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record whose parts cannot be read", e);
        }
    }
}
