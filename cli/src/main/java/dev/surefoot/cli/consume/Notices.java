package dev.surefoot.cli.consume;

/** Takes messages to the user that do not stop the command, one line each. */
@FunctionalInterface
interface Notices {

    void print(String line);
}
