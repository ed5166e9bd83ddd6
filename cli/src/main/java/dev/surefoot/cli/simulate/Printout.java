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

    /** @param json whether standard output contains the one line of JSON only */
    Printout(Console console, boolean json) {
        this.out = new PrintStream(console.out(), true, StandardCharsets.UTF_8);
        this.text = json ? console.err() : out;
        this.json = json;
    }

    /** Returns the stream for people. */
    PrintStream text() {
        return text;
    }

    /** Ends the output; {@code result} is called only if {@code --json} is set. */
    void end(Supplier<ObjectNode> result) {
        if (json) {
            out.println(result.get());
        }
    }
}
