package dev.surefoot.testkit.chaos;

import dev.surefoot.testkit.chaos.MemberLife.Style;
import dev.surefoot.testkit.group.GroupLedger;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/**
 * A place in a group that is taken by one consumer after another: each joins, works for a while, and leaves or crashes.
 * Once the faults are over, the one that is there stays.
 */
final class ChaoticMember implements Callable<Integer> {
    private final String name;
    private final Style style;
    private final Map<String, Object> config;
    private final List<String> topics;
    private final GroupLedger ledger;
    private final ChaosWatch watch;
    private final SplittableRandom random;

    ChaoticMember(
            String name,
            Style style,
            Map<String, Object> config,
            List<String> topics,
            GroupLedger ledger,
            ChaosWatch watch,
            SplittableRandom random) {
        this.name = name;
        this.style = style;
        this.config = config;
        this.topics = topics;
        this.ledger = ledger;
        this.watch = watch;
        this.random = random;
    }

    /** Returns how many consumers there were. */
    @Override
    public Integer call() {
        int lives = 0;
        while (watch.isRunning()) {
            lives++;
            new MemberLife(name + "." + lives, style, config, topics, ledger, watch, random).run();
            if (random.nextInt(3) == 0) {
                watch.idle(random.nextInt(4_000));
            }
        }
        return lives;
    }
}
