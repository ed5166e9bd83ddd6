package dev.surefoot.cli.consume;

/** Takes what a person should know although the command goes on, one line at a time. */
@FunctionalInterface
interface Notices {

    void print(String line);
}
