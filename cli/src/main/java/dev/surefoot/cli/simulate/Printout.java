package dev.surefoot.cli.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.surefoot.cli.console.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The output of a simulation: text for people, and one line of JSON at the end of standard output for programs. */
final class Printout {

    private final PrintStream out;
    private final PrintStream text;
    private final boolean json;

    /** With {@code json}, standard output is left to the one line of JSON. */
    Printout(Console console, boolean json) {
        this.out = new PrintStream(console.out(), true, StandardCharsets.UTF_8);
        this.text = json ? console.err() : out;
        this.json = json;
    }

    /** The stream for people. */
    PrintStream text() {
        return text;
    }

    /** Ends the output; the result is asked for only if programs read it. */
    void end(Supplier<ObjectNode> result) {
        if (json) {
            out.println(result.get());
        }
    }
}
