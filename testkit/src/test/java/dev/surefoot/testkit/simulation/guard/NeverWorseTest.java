package dev.surefoot.testkit.simulation.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.core.guard.RecoveryLevel;
import dev.surefoot.runtime.Seams;
import dev.surefoot.testkit.simulation.ScheduleFolder;
import dev.surefoot.testkit.simulation.UnjudgedRun;
import dev.surefoot.testkit.simulation.schedule.Schedule;
import dev.surefoot.testkit.simulation.schedule.ScheduleFile;
import dev.surefoot.testkit.simulation.schedule.ScheduleMix;
import dev.surefoot.testkit.simulation.schedule.ScheduleMix.Groups;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Recovery makes nothing worse: what is read to the end without it is so with it, and costs the brokers hardly more
 * requests (W14, W15). Each schedule runs twice.
 */
@Tag("thorough")
class NeverWorseTest {
    private static final long FIRST_SEED = Long.getLong("surefoot.simulation.seed", 1);
    private static final int SCHEDULES = Integer.getInteger("surefoot.simulation.pairs", 2_000);
    private static final double SHARE_MORE = 0.02;
    private static final int MORE_FOR_EACH_BROKER = 4;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** What the pairs of runs came to. */
    private static final class Pairs {
        private final AtomicLong read = new AtomicLong();
        private final AtomicLong stepped = new AtomicLong();
        private final AtomicLong requestsWithout = new AtomicLong();
        private final AtomicLong requestsWith = new AtomicLong();
        private final List<String> worse = new ArrayList<>();

        void run(Schedule schedule) {
            UnjudgedRun off = UnjudgedRun.of(schedule, Seams.NONE, RecoveryLevel.OFF);
            UnjudgedRun on = UnjudgedRun.of(schedule, Seams.NONE, RecoveryLevel.CONNECTION);
            if (off.violation() != null) {
                return;
            }
            read.incrementAndGet();
            stepped.addAndGet(on.steps().isEmpty() ? 0 : 1);
            requestsWithout.addAndGet(off.requests());
            requestsWith.addAndGet(on.requests());
            if (on.violation() != null) {
                isWorse(schedule, on, on.violation().getMessage());
            } else if (on.requests() > most(schedule, off, on)) {
                isWorse(schedule, on, on.requests() + " requests and not " + off.requests());
            }
        }

        private synchronized void isWorse(Schedule schedule, UnjudgedRun on, String how) {
            worse.add("seed " + schedule.seed() + ": " + how + ", steps " + on.steps());
        }

        private static double most(Schedule schedule, UnjudgedRun off, UnjudgedRun on) {
            long minutes = on.ranNanos() / MINUTE_NANOS + 1;
            return (1 + SHARE_MORE) * off.requests() + schedule.shape().brokers() * (MORE_FOR_EACH_BROKER + minutes);
        }
    }

    @Test
    void whatWasWorseOnceIsNotSoAgain() throws IOException, URISyntaxException {
        Pairs pairs = new Pairs();

        ScheduleFolder.files("pairs").stream().map(ScheduleFile::read).forEach(pairs::run);

        assertThat(pairs.read).hasPositiveValue();
        assertThat(pairs.worse).isEmpty();
    }

    @Test
    void whatIsReadWithoutRecoveryIsReadWithItAtNoGreaterCost() {
        ScheduleMix mix = ScheduleMix.with(Groups.NONE);
        Pairs pairs = new Pairs();

        LongStream.range(FIRST_SEED, FIRST_SEED + SCHEDULES)
                .parallel()
                .mapToObj(mix::draw)
                .forEach(pairs::run);

        System.out.printf(
                "%,d of %,d schedules are read to the end without recovery; it took steps in %,d of them; %,d requests"
                        + " without it, %,d with it%n",
                pairs.read.get(),
                SCHEDULES,
                pairs.stepped.get(),
                pairs.requestsWithout.get(),
                pairs.requestsWith.get());
        assertThat(pairs.worse).isEmpty();
        assertThat(pairs.stepped).hasPositiveValue();
    }
}
