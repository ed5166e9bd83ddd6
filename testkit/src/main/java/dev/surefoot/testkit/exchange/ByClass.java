package dev.surefoot.testkit.exchange;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What depends on the class of a request or an answer. Their types are open, so that no switch knows all of them; each
 * class is final.
 *
 * @param <T> what is told apart by its class
 * @param <R> what is made of it, which may be an action
 */
public final class ByClass<T, R> {
    /** What is made of values of one class. */
    private record Case<S, R>(Class<S> type, Function<? super S, ? extends R> making) {
        R of(Object value) {
            return making.apply(type.cast(value));
        }
    }

    private final Map<Class<?>, Case<?, R>> cases = new HashMap<>();
    private final Function<? super T, ? extends R> others;

    /** @param others what is made of values of all classes that are not entered */
    public ByClass(Function<? super T, ? extends R> others) {
        this.others = others;
    }

    /** Enters a class. */
    public <S extends T> ByClass<T, R> with(Class<S> type, Function<? super S, ? extends R> making) {
        cases.put(type, new Case<S, R>(type, making));
        return this;
    }

    /** What is made of this value. */
    public R of(T value) {
        Case<?, R> entered = cases.get(value.getClass());
        return entered == null ? others.apply(value) : entered.of(value);
    }
}
