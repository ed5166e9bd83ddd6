package dev.surefoot.cli.console;

/** Takes messages to the user that do not stop the command, one line each. */
@FunctionalInterface
public interface Notices {

    /** Prints one line. */
    void print(String line);
}
