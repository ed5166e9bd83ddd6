package dev.surefoot.planted;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.record.TimestampType;
import org.assertj.core.api.Assertions;

/** One class for each thing that only some packages may do. Nothing runs them; the rules are tried on them. */
public final class Planted {
    private Planted() {}

    static final class MakesKafkasHeaders {
        RecordHeaders headers = new RecordHeaders();
    }

    static final class HoldsKafkasSelectors {
        Selector[] selectors = new Selector[0];
    }

    static final class PromisesAResult {
        CompletableFuture<String> result = new CompletableFuture<>();
    }

    static final class StartsAThread {
        void start() {
            new Thread(() -> {}).start();
        }
    }

    static final class NamesAnAddress {
        InetSocketAddress address = new InetSocketAddress(0);
    }

    static final class DependsOnMore {
        void check() {
            Assertions.fail();
        }
    }

    static final class Prints {
        void print() {
            System.err.println();
        }
    }

    static final class LoopHelper {}

    /** None of the rules minds this one, but for the package that it is in. */
    static final class Innocent {
        TimestampType[] types = TimestampType.values();
        int[] utilization = new int[1];
    }
}
