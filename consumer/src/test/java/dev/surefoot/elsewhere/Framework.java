package dev.surefoot.elsewhere;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Calls others by reflection, as a framework does: from a package that is not theirs. */
public final class Framework {
    private Framework() {}

    public static Object invoke(Method method, Object target, Object... arguments)
            throws InvocationTargetException, IllegalAccessException {
        return method.invoke(target, arguments);
    }
}
