package dev.surefoot.net;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Limits repeated lines of Kafka's selector, which logs at INFO or WARN every attempt to connect that is refused or
 * answered with bytes that it does not accept. This logger passes each such line on once in 30 s for each broker, and
 * at DEBUG in between. What a {@link DirectBufferPool} has refused comes at DEBUG: the warning of that has more to say.
 * Owned by the loop's thread.
 *
 * <p>It is a proxy, since {@link Logger} has sixty methods and gets more in newer versions.
 */
final class QuietLogger implements InvocationHandler {
    private static final Set<String> LIMITED = Set.of("info", "warn", "error");

    /** A {@link BrokerConnection#channelId channel id} at the end of an argument. Lines are compared by its node id. */
    private static final Pattern CHANNEL_ID = Pattern.compile("(-?\\d+)-\\p{Lower}+\\)?$");

    private final Logger log;
    private final Clock clock;
    private final RepeatLimit repeats = new RepeatLimit();

    private QuietLogger(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    static Logger of(Logger log, Clock clock) {
        return (Logger) Proxy.newProxyInstance(
                QuietLogger.class.getClassLoader(), new Class<?>[] {Logger.class}, new QuietLogger(log, clock));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        boolean passed = !LIMITED.contains(method.getName())
                || arguments == null
                || !(arguments[0] instanceof String format)
                || (!isOurs(arguments) && repeats.grant(format + " for broker " + brokerIn(arguments), clock.nanos()));
        Method logged = passed ? method : Logger.class.getMethod("debug", method.getParameterTypes());
        try {
            return logged.invoke(log, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static boolean isOurs(@Nullable Object[] arguments) {
        return Stream.of(arguments)
                .flatMap(argument -> argument instanceof Object[] more ? Stream.of(more) : Stream.ofNullable(argument))
                .anyMatch(DirectBufferPool.Refused.class::isInstance);
    }

    /** Returns the id of the broker that an argument names, or nothing. */
    private static String brokerIn(@Nullable Object[] arguments) {
        return Stream.of(arguments)
                .flatMap(argument -> argument instanceof Object[] more ? Stream.of(more) : Stream.ofNullable(argument))
                .filter(String.class::isInstance)
                .map(argument -> CHANNEL_ID.matcher((String) argument))
                .filter(Matcher::find)
                .map(id -> id.group(1))
                .findFirst()
                .orElse("");
    }
}
