package dev.surefoot.cli.consume;

import dev.surefoot.progress.Diagnosis;
import dev.surefoot.progress.PartitionProgress;
import dev.surefoot.progress.ProgressSnapshot;
import dev.surefoot.progress.Severity;
import dev.surefoot.progress.StallCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What there is to see of a consumer's progress at one moment: a line for each partition, those in trouble first and
 * then by lag; or, if they are many, a line for each cause.
 */
final class ProgressLines {
    /** More partitions than this do not fit a screen. */
    private static final int PARTITIONS_MAX = 20;

    private static final int BAR_CHARACTERS = 8;
    private static final int NAME_CHARACTERS_MAX = 24;
    private static final String CUT = "..";

    private static final Comparator<PartitionProgress> ORDER = Comparator.comparing(
                    (PartitionProgress each) -> each.why().severity())
            .thenComparing(each -> each.lag().orElse(0))
            .reversed()
            .thenComparing(PartitionProgress::partition, TopicOrder.BY_PARTITION);

    private final int columns;

    /** @param columns the width of the lines */
    ProgressLines(int columns) {
        this.columns = columns;
    }

    List<String> of(ProgressSnapshot snapshot) {
        List<PartitionProgress> partitions =
                snapshot.partitions().values().stream().sorted(ORDER).toList();
        if (partitions.isEmpty()) {
            return List.of(cut(snapshot.consumer().cause() + said(snapshot.consumer())));
        }
        List<String> lines = new ArrayList<>();
        if (partitions.size() <= PARTITIONS_MAX) {
            int width = partitions.stream()
                    .mapToInt(each -> name(each).length())
                    .max()
                    .orElse(0);
            partitions.forEach(each -> lines.add(cut(line(each, width, snapshot.asOf()))));
        } else {
            byCause(partitions).forEach((cause, theirs) -> lines.add(cut(line(cause, theirs, snapshot.asOf()))));
        }
        return lines;
    }

    private static Map<StallCause, List<PartitionProgress>> byCause(List<PartitionProgress> partitions) {
        Map<StallCause, List<PartitionProgress>> causes = new LinkedHashMap<>();
        partitions.forEach(each -> causes.computeIfAbsent(each.why().cause(), cause -> new ArrayList<>())
                .add(each));
        return causes;
    }

    private static String line(StallCause cause, List<PartitionProgress> theirs, Instant now) {
        PartitionProgress first = theirs.get(0);
        long lag = theirs.stream().mapToLong(each -> each.lag().orElse(0)).sum();
        return String.format(
                Locale.ROOT,
                "%s%s: %,d partitions, lag %,d, for example %s%s",
                cause,
                age(first.why(), now),
                theirs.size(),
                lag,
                first.partition(),
                said(first.why()));
    }

    private static String line(PartitionProgress each, int width, Instant now) {
        StringBuilder line = new StringBuilder();
        line.append(String.format(Locale.ROOT, "%-" + width + "s [%s] ", name(each), bar(each)));
        line.append(each.why().cause()).append(age(each.why(), now)).append(said(each.why()));
        each.position()
                .ifPresent(position -> line.append(String.format(
                        Locale.ROOT,
                        " %,d/%s",
                        position,
                        end(each).isPresent() ? grouped(end(each).getAsLong()) : "?")));
        each.lag().ifPresent(lag -> line.append(String.format(Locale.ROOT, " lag %,d", lag)));
        each.timeLag()
                .value()
                .filter(lag -> lag.toSeconds() > 0)
                .ifPresent(lag -> line.append(" (").append(words(lag)).append(')'));
        if (each.rates().inPerSecond10s() >= 1 || each.rates().outPerSecond10s() >= 1) {
            line.append(String.format(
                    Locale.ROOT,
                    " in %,.0f/s out %,.0f/s",
                    each.rates().inPerSecond10s(),
                    each.rates().outPerSecond10s()));
        }
        return line.toString();
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The end of what may be read: the position and the lag together, or the high watermark. */
    private static OptionalLong end(PartitionProgress each) {
        return each.position().isPresent() && each.lag().isPresent()
                ? OptionalLong.of(each.position().getAsLong() + each.lag().getAsLong())
                : each.highWatermark();
    }

    private static String bar(PartitionProgress each) {
        OptionalLong end = end(each);
        if (each.position().isEmpty() || end.isEmpty()) {
            return "?".repeat(BAR_CHARACTERS);
        }
        long start = each.logStart().orElse(0);
        double all = end.getAsLong() - start;
        double read = each.position().getAsLong() - start;
        int full = all <= 0 ? BAR_CHARACTERS : (int) Math.max(0, Math.min(BAR_CHARACTERS, read / all * BAR_CHARACTERS));
        return "#".repeat(full) + ".".repeat(BAR_CHARACTERS - full);
    }

    private static String age(Diagnosis why, Instant now) {
        Duration age = Duration.between(why.since(), now);
        return why.severity() == Severity.FINE || age.toSeconds() < 1 ? "" : " " + words(age);
    }

    private static String said(Diagnosis why) {
        String said = why.evidence().sentence();
        return why.severity() == Severity.FINE || said.isEmpty() ? "" : " (" + said + ")";
    }

    private static String words(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3_600 ? seconds / 60 + " min" : seconds / 3_600 + " h";
    }

    /** The name of the partition; one that is long without its middle. */
    private static String name(PartitionProgress each) {
        String name = each.partition().toString();
        int half = (NAME_CHARACTERS_MAX - CUT.length()) / 2;
        return name.length() <= NAME_CHARACTERS_MAX
                ? name
                : name.substring(0, half) + CUT + name.substring(name.length() - half);
    }

    private String cut(String line) {
        return line.length() < columns ? line : line.substring(0, Math.max(0, columns - 1 - CUT.length())) + CUT;
    }
}
