package dev.surefoot.assembly;

import dev.surefoot.runtime.UnitHandler;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a handler of bad records becomes a part of a consumer. Its type is part of the public interface, which this
 * package does not know.
 *
 * @param type what the class that the configuration names must be
 * @param given the handler that the configuration has in place of a class, or null
 * @param asPart wraps a handler
 */
public record HandlerKind<H>(Class<H> type, @Nullable H given, Function<H, UnitHandler> asPart) {
    /** The given handler as a part, or null. */
    @Nullable UnitHandler givenPart() {
        return given == null ? null : asPart.apply(given);
    }
}
