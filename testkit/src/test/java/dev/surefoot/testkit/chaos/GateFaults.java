package dev.surefoot.testkit.chaos;

import dev.surefoot.testkit.gate.TcpGate;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Disturbs the connections between clients and one broker at random for as long as it may, and leaves the gate open.
 */
final class GateFaults implements Callable<Map<GateFaults.Fault, Integer>> {
    enum Fault {
        CUT,
        CLOSE_IN_ANSWER,
        CLOSE_IN_REQUEST,
        DELAY,
        THROTTLE,
        BLACKHOLE,
        REFUSE
    }

    private final TcpGate gate;
    private final SplittableRandom random;
    private final BooleanSupplier goOn;

    GateFaults(TcpGate gate, SplittableRandom random, BooleanSupplier goOn) {
        this.gate = gate;
        this.random = random;
        this.goOn = goOn;
    }

    /** Returns how often it caused what. */
    @Override
    public Map<Fault, Integer> call() {
        Map<Fault, Integer> caused = new EnumMap<>(Fault.class);
        while (goOn.getAsBoolean()) {
            Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
            cause(fault);
            caused.merge(fault, 1, Integer::sum);
            // Now and then it lasts longer than a request may take.
            boolean lasts = random.nextInt(20) == 0;
            pause(lasts ? 5_000 : 20, lasts ? 7_000 : 1_000);
            gate.open();
            pause(0, 1_500);
        }
        return caused;
    }

    private void cause(Fault fault) {
        switch (fault) {
            case CUT -> gate.cut();
            case CLOSE_IN_ANSWER -> gate.closeAfter(random.nextInt(30_000));
            case CLOSE_IN_REQUEST -> gate.closeAfterToBroker(random.nextInt(5_000));
            case DELAY -> gate.delay(Duration.ofMillis(random.nextInt(200)), Duration.ofMillis(random.nextInt(200)));
            case THROTTLE -> gate.throttle(1_000 + random.nextInt(200_000));
            case BLACKHOLE -> gate.blackhole();
            case REFUSE -> {
                gate.refuse();
                gate.cut();
            }
        }
    }

    private void pause(int leastMs, int mostMs) {
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(leastMs, mostMs)).toNanos());
    }
}
