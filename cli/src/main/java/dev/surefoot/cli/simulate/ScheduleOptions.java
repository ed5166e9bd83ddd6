package dev.surefoot.cli.simulate;

import dev.surefoot.cli.console.CommandFailure;
import dev.surefoot.testkit.simulation.schedule.Act;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.GroupScheduler;
import dev.surefoot.testkit.simulation.schedule.HealthyScheduler;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.ScheduleMix;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import dev.surefoot.testkit.simulation.schedule.Size;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that determine how schedules are drawn from seeds. */
final class ScheduleOptions {

    private static final int WEIGHT_MOST = 1_000_000;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "Only schedules of this size: small, medium or large (default: most are small).")
    private @Nullable Size size;

    @Option(
            names = "--without",
            paramLabel = "ACT",
            split = ",",
            converter = ActName.class,
            description = "Switch this act off; may be repeated. Acts are called as in the summary of any run,"
                    + " such as CUT_IN_REQUEST.")
    private Set<Act> without = new LinkedHashSet<>();

    @Option(
            names = "--weight",
            paramLabel = "ACT=N",
            split = ",",
            converter = ActName.class,
            description = "Draw this act N times where most are drawn 10 times; may be repeated.")
    private Map<Act, Integer> weights = new LinkedHashMap<>();

    @Option(
            names = "--groups",
            paramLabel = "SHARE",
            description = "How many schedules have several consumers in a group: none, some (one in eight, the"
                    + " default) or all. Those of one --size have none.")
    private ScheduleMix.@Nullable Groups groups;

    @Option(
            names = "--healthy",
            description = "Only schedules in which nothing goes wrong. No stall may be announced in them, and no lever"
                    + " of recovery be pulled.")
    private boolean healthy;

    /** Created by picocli. */
    ScheduleOptions() {}

    /**
     * Returns the function from seeds to schedules.
     *
     * @throws CommandFailure if the options leave nothing to draw
     */
    LongFunction<Schedule> drawing() {
        if (healthy) {
            return drawingHealthy();
        }
        if (size != null) {
            return drawingWithoutGroups();
        }
        ScheduleMix.Groups share = groups == null ? ScheduleMix.Groups.SOME : groups;
        return new ScheduleMix(
                new Scheduler(actWeights(ActWeights.usual(), act -> !act.kind().isOfGroups())),
                new GroupScheduler(actWeights(ActWeights.ofGroups(), GroupScheduler::draws)),
                share)::draw;
    }

    private LongFunction<Schedule> drawingHealthy() {
        if (size != null || groups != null || !without.isEmpty() || !weights.isEmpty()) {
            throw CommandFailure.wrongUsage("--healthy goes without --size, --groups, --without and --weight");
        }
        return new HealthyScheduler()::draw;
    }

    /** Returns the same for schedules of one consumer without a group. */
    LongFunction<Schedule> drawingWithoutGroups() {
        Scheduler scheduler =
                new Scheduler(actWeights(ActWeights.usual(), act -> !act.kind().isOfGroups()));
        Size only = size;
        return only == null ? scheduler::draw : seed -> scheduler.draw(seed, only);
    }

    /** Returns the same options as they would be typed, each with a space before it. */
    String asTyped() {
        StringBuilder typed = new StringBuilder();
        if (size != null) {
            typed.append(" --size ").append(size.name().toLowerCase(Locale.ROOT));
        }
        if (groups != null) {
            typed.append(" --groups ").append(groups.name().toLowerCase(Locale.ROOT));
        }
        if (!without.isEmpty()) {
            typed.append(" --without ").append(without.stream().map(Act::name).collect(Collectors.joining(",")));
        }
        if (healthy) {
            typed.append(" --healthy");
        }
        weights.forEach((act, weight) ->
                typed.append(" --weight ").append(act).append('=').append(weight));
        return typed.toString();
    }

    private ActWeights actWeights(ActWeights usual, Predicate<Act> concerned) {
        ActWeights all = usual;
        try {
            for (Map.Entry<Act, Integer> each : weights.entrySet()) {
                Act act = each.getKey();
                if (each.getValue() > WEIGHT_MOST) {
                    throw CommandFailure.wrongUsage("--weight " + act + " must be at most " + WEIGHT_MOST);
                }
                if (without.contains(act)) {
                    throw CommandFailure.wrongUsage(act + " has a --weight, but is switched off with --without");
                }
                if (concerned.test(act)) {
                    all = all.with(act, each.getValue());
                }
            }
            for (Act act : without) {
                all = all.with(act, 0);
            }
            return all;
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUsage(String.valueOf(e.getMessage()), e);
        }
    }
}
