package dev.surefoot.testkit.simulation;

import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.schedule.ActWeights;
import dev.surefoot.testkit.simulation.schedule.Scheduler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Puts the stories of many runs into one number, in this JVM or, by its main method, in one of its own. */
public final class StoryDigest {

    private StoryDigest() {}

    public static void main(String[] args) {
        System.out.println(of(Long.parseLong(args[0]), Integer.parseInt(args[1])));
    }

    static String of(long firstSeed, int count) {
        Scheduler scheduler = new Scheduler(ActWeights.usual());
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            for (String line :
                    Simulation.run(scheduler.draw(seed), Seams.NONE, true).story()) {
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
