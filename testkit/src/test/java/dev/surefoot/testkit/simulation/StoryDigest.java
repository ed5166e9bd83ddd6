package dev.surefoot.testkit.simulation;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.GroupScheduler;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Puts the stories of many runs into one number, in this JVM or, by its main method, in one of its own. */
public final class StoryDigest {
    private static final int ONE_GROUP_IN = 6;

    private StoryDigest() {}

    public static void main(String[] args) {
        System.out.println(of(Long.parseLong(args[0]), Integer.parseInt(args[1])));
    }

    static String of(long firstSeed, int count) {
        Scheduler scheduler = new Scheduler(ActWeights.usual());
        GroupScheduler groups = new GroupScheduler(ActWeights.ofGroups());
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            update(digest, scheduler.draw(seed));
            if (seed % ONE_GROUP_IN == 0) {
                update(digest, groups.draw(seed));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, Schedule schedule) {
        for (String line : Simulation.run(schedule, Seams.NONE, true).story()) {
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
    }
}
