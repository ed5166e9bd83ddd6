package dev.surefoot.runtime;

import dev.surefoot.core.engine.Engine;

/** Something the application wants of the engine, carried out on the loop's thread in the order given. */
@FunctionalInterface
interface Command {
    /** @param nowNanos the moment of the turn, as a value of the clock */
    void apply(Engine engine, long nowNanos);
}
