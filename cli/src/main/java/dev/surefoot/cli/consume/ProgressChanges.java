package dev.surefoot.cli.consume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.surefoot.progress.Change;
import dev.surefoot.progress.ProgressListener;
import dev.surefoot.progress.Severity;
import java.io.PrintStream;
import java.time.Instant;

/** Prints a line for each partition that has another cause than before. */
final class ProgressChanges implements ProgressListener {
    private final PrintStream out;
    private final boolean json;
    private final ObjectMapper mapper = new ObjectMapper();

    /** @param json whether a line is a JSON object */
    ProgressChanges(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    @Override
    public void changed(Change change) {
        out.println(json ? object(change) : line(change));
    }

    private static String line(Change change) {
        String said = change.to().evidence().sentence();
        long position = change.to().evidence().marks().position();
        return "surefoot consume: " + change.partition() + " "
                + change.from().map(from -> from + " -> ").orElse("")
                + change.to().cause()
                + (position < 0 ? "" : " at " + position)
                + (change.to().severity() == Severity.FINE || said.isEmpty() ? "" : " (" + said + ")");
    }

    private String object(Change change) {
        ObjectNode root = mapper.createObjectNode()
                .put("at", Instant.now().toString())
                .put("topic", change.partition().topic())
                .put("partition", change.partition().partition());
        change.from().ifPresent(from -> root.put("from", from.name()));
        root.put("cause", change.to().cause().name())
                .put("severity", change.to().severity().name());
        root.set("marks", mapper.valueToTree(change.to().evidence().marks()));
        root.set("evidence", mapper.valueToTree(change.to().evidence().fields()));
        try {
            return mapper.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers has no JSON form", e);
        }
    }
}
