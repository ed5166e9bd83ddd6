package dev.surefoot.runtime;

import dev.surefoot.core.engine.Engine;

/**
 * A change of the engine that the application requests. The loop's thread carries out the commands in the order of
 * their submission.
 */
@FunctionalInterface
interface Command {
    /** @param nowNanos the time of the turn, as a value of the clock */
    void apply(Engine engine, long nowNanos);
}
