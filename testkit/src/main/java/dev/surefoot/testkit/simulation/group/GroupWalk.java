package dev.surefoot.testkit.simulation.group;

import dev.surefoot.testkit.simulation.group.SmallGroupSettings.Start;
import dev.surefoot.testkit.simulation.search.InvariantBroken;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A random walk through the states of a small group, until faults stop and it has to become stable. The same seed walks
 * the same way.
 *
 * @param steps those that were taken
 * @param broken what did not hold, or null
 */
public record GroupWalk(List<GroupStep> steps, @Nullable InvariantBroken broken) {
    private static final List<Start> STARTS = List.of(Start.values());
    private static final int STEPS = 150;
    private static final int RECOVERY_TICKS_MAX = 60;
    /** One step in so many is a fault, if one can happen. */
    private static final int FAULTS_ONE_IN = 8;

    private static Start start(SplittableRandom random) {
        return STARTS.get(random.nextInt(STARTS.size()));
    }

    /** Walks through groups that have these settings, with the members at the start that the seed gives. */
    public static GroupWalk of(SmallGroupSettings settings, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Start start = start(random);
        List<GroupStep> steps = new ArrayList<>();
        try {
            SmallGroup world = new SmallGroup(settings.startingWith(start));
            for (int i = 0; i < STEPS; i++) {
                GroupStep step = draw(world, random);
                steps.add(step);
                world.take(step);
            }
            world.recover(RECOVERY_TICKS_MAX);
            return new GroupWalk(steps, null);
        } catch (InvariantBroken e) {
            return new GroupWalk(steps, e);
        }
    }

    private static GroupStep draw(SmallGroup world, SplittableRandom random) {
        boolean isFault = random.nextInt(FAULTS_ONE_IN) == 0;
        List<GroupStep> possible = new ArrayList<>();
        for (GroupStep step : GroupStep.values()) {
            if ((step.fault() != null) == isFault && world.allows(step)) {
                possible.add(step);
            }
        }
        return possible.isEmpty() ? draw(world, random) : possible.get(random.nextInt(possible.size()));
    }

    /** Takes these steps, as far as each is possible, and lets the group recover. */
    static GroupWalk along(SmallGroupSettings settings, List<GroupStep> wanted) {
        List<GroupStep> steps = new ArrayList<>();
        try {
            SmallGroup world = new SmallGroup(settings);
            for (GroupStep step : wanted) {
                if (world.allows(step)) {
                    steps.add(step);
                    world.take(step);
                }
            }
            world.recover(RECOVERY_TICKS_MAX);
            return new GroupWalk(steps, null);
        } catch (InvariantBroken e) {
            return new GroupWalk(steps, e);
        }
    }

    /** The invariant that did not hold, or null. */
    public @Nullable String invariant() {
        return broken == null ? null : broken.invariant();
    }

    /** A walk that breaks the same invariant and from which no step can be left out. */
    public GroupWalk shrunk(SmallGroupSettings settings, long seed) {
        Start start = start(new SplittableRandom(seed));
        SmallGroupSettings starting = settings.startingWith(start);
        GroupWalk shortest = this;
        for (int length = steps.size() / 2; length >= 1; length /= 2) {
            int at = 0;
            while (at < shortest.steps.size()) {
                List<GroupStep> rest = new ArrayList<>(shortest.steps.subList(0, at));
                rest.addAll(
                        shortest.steps.subList(Math.min(at + length, shortest.steps.size()), shortest.steps.size()));
                GroupWalk without = along(starting, rest);
                String named = without.invariant();
                if (named != null && named.equals(invariant()) && without.steps.size() < shortest.steps.size()) {
                    shortest = without;
                } else {
                    at += length;
                }
            }
        }
        return shortest;
    }

    /** Each step with the state that it led to. */
    public List<String> story(SmallGroupSettings settings, long seed) {
        Start start = start(new SplittableRandom(seed));
        List<String> story = new ArrayList<>();
        try {
            SmallGroup world = new SmallGroup(settings.startingWith(start));
            story.add("     at the start: " + world);
            for (GroupStep step : steps) {
                story.add("%3d. %s".formatted(story.size(), step.told()));
                world.take(step);
                story.set(story.size() - 1, story.get(story.size() - 1) + " (" + world + ")");
            }
            story.add("     from here on nothing goes wrong");
            world.recover(RECOVERY_TICKS_MAX);
        } catch (InvariantBroken e) {
            story.add("  !! " + e.getMessage());
        }
        return story;
    }
}
