package dev.surefoot.runtime;

import dev.surefoot.core.engine.Engine;

/** Something the application wants of the engine, carried out on the loop's thread in the order given. */
@FunctionalInterface
interface Command {
    void apply(Engine engine);
}
