package dev.surefoot.core.planted;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.protocol.ApiKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One class for each thing that the core must not do. Nothing runs them; the rules are tried on them. */
public final class Planted {
    private Planted() {}

    static final class OpensASocket {
        Socket socket = new Socket();
    }

    static final class OpensAChannel {
        SocketChannel channel() throws IOException {
            return SocketChannel.open();
        }
    }

    static final class ReadsAFile {
        String read() throws IOException {
            return Files.readString(Path.of("x"));
        }
    }

    static final class StreamsAFile {
        void read() throws IOException {
            new FileInputStream("x").close();
        }
    }

    static final class StartsAThread {
        void start() {
            new Thread(() -> {}).start();
        }
    }

    static final class WaitsConcurrently {
        TimeUnit unit = TimeUnit.DAYS;
    }

    static final class Locks {
        synchronized void lock() {}
    }

    static final class Shares {
        volatile int shared;
    }

    static final class ReadsNanos {
        long now() {
            return System.nanoTime();
        }
    }

    static final class ReadsMillisByReference {
        LongSupplier now = System::currentTimeMillis;
    }

    static final class ReadsTheInstant {
        Instant now() {
            return Instant.now();
        }
    }

    static final class ReadsTheDateByReference {
        Supplier<LocalDate> today = LocalDate::now;
    }

    static final class RollsADie {
        double roll = Math.random();
    }

    static final class RollsADieOfItsOwn {
        int roll = new Random(1).nextInt();
    }

    static final class RollsTheDieOfItsThread {
        int roll = ThreadLocalRandom.current().nextInt();
    }

    static final class RollsAnUnseededDie {
        int roll = new SplittableRandom().nextInt();
    }

    static final class RollsAnUnseededDieByReference {
        Supplier<SplittableRandom> die = SplittableRandom::new;
    }

    static final class MakesUpAnId {
        UUID id = UUID.randomUUID();
    }

    static final class Shuffles {
        List<String> cards = new ArrayList<>();

        void shuffle() {
            Collections.shuffle(cards);
        }
    }

    static final class Logs {
        Logger logger = LoggerFactory.getLogger("x");
    }

    static final class LogsToTheJdk {
        java.util.logging.Logger logger = java.util.logging.Logger.getAnonymousLogger();
    }

    static final class Prints {
        void print() {
            System.out.println();
        }
    }

    static final class ReadsTheEnvironment {
        String home = System.getenv("HOME");
    }

    static final class UsesKafkasProtocol {
        ApiKeys fetch = ApiKeys.FETCH;
    }

    static final class UsesKafkasSelectorInAnArray {
        Selector[] selectors = new Selector[0];
    }

    static final class LaneManager {}

    static final class FetchUtils {}

    static final class LaneImpl {}

    static final class AbstractLane {}

    static final class Hesitates {
        void maybeFetch() {}
    }

    /**
     * None of the rules minds this one: a seeded generator, arrays of allowed types, and words that only look banned.
     */
    static final class Innocent {
        long[][] utilization = new long[1][1];
        String[] names = new String[0];
        int seeded = new SplittableRandom(42).nextInt();
        Instant epoch = Instant.ofEpochMilli(0);

        static final class Baseline {}

        static final class Utilization {}
    }
}
