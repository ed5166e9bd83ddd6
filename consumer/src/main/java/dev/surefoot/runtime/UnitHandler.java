package dev.surefoot.runtime;

import dev.surefoot.core.delivery.UnreadableUnit;

/** Takes over units that the application cannot read. Called on the application's thread, within a poll. */
public interface UnitHandler extends AutoCloseable {
    /** Takes over a unit. When it returns, the position moves past the unit; when it throws, the position stays. */
    void handle(UnreadableUnit unit) throws Exception;

    /** Closes the application's handler, if it is to be closed. */
    @Override
    void close();

    /** The name of the application's class, for errors. */
    String name();
}
