package dev.surefoot.cli.consume;

import dev.surefoot.cli.console.CommandFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about what is read. */
final class TopicOptions {

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "TOPIC",
            split = ",",
            description = "The topic to read; may be repeated.")
    private List<String> topics = new ArrayList<>();

    @Option(
            names = "--topic-pattern",
            paramLabel = "REGEX",
            parameterConsumer = ValueAsWritten.class,
            description = "Read all topics whose whole names match this regular expression of Java; with --group also"
                    + " those that are created later.")
    private @Nullable String topicPattern;

    @Option(
            names = {"-p", "--partition"},
            paramLabel = "PARTITION",
            split = ",",
            description = "Read this partition only, of each topic; may be repeated.")
    private List<Integer> onlyPartitions = new ArrayList<>();

    /**
     * Returns the topics to read.
     *
     * @throws CommandFailure if there are none, if they are given in two ways, or if the pattern is none
     */
    TopicChoice topics() {
        if (topicPattern != null) {
            if (!topics.isEmpty()) {
                throw CommandFailure.wrongUsage("--topic and --topic-pattern exclude each other; give one of them");
            }
            return new TopicChoice.Matching(compiled(topicPattern));
        }
        Set<String> distinct = new LinkedHashSet<>(topics);
        if (distinct.isEmpty() || distinct.contains("")) {
            throw CommandFailure.wrongUsage("--topic names no topic; give --topic or --topic-pattern");
        }
        return new TopicChoice.Named(distinct);
    }

    private static Pattern compiled(String regex) {
        if (regex.isBlank()) {
            throw CommandFailure.wrongUsage("--topic-pattern is blank; '.*' matches every topic");
        }
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            String place = e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1);
            throw CommandFailure.wrongUsage(
                    "--topic-pattern: '" + regex + "' is no regular expression: " + e.getDescription() + place, e);
        }
    }

    /**
     * Returns the partitions to read of each topic; none to read all.
     *
     * @throws CommandFailure if there can be no such partition
     */
    Collection<Integer> onlyPartitions() {
        onlyPartitions.stream().filter(each -> each < 0).findFirst().ifPresent(each -> {
            throw CommandFailure.wrongUsage("--partition must not be negative, and is " + each);
        });
        return onlyPartitions;
    }
}
