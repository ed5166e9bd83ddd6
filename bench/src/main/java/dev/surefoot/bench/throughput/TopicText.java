package dev.surefoot.bench.throughput;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Values such as applications write: different JSON objects of ASCII text, which codecs compress to between a third and
 * a fifth.
 *
 * <p>They are taken from a stock in turn. The stock is larger than any batch, so a codec does not see a value twice.
 */
final class TopicText {
    private static final int STOCK_BYTES = 16 << 20;
    private static final int STOCK_VALUES_MIN = 64;
    private static final int STOCK_VALUES_MAX = 100_000;

    private static final String[] WORDS =
            ("order customer invoice payment shipment warehouse product quantity price discount account balance"
                            + " transfer session request response timeout retry partition broker offset leader"
                            + " replica segment record header batch consumer producer topic cluster region zone"
                            + " server client latency error warning notice accepted rejected pending complete"
                            + " cancelled created updated deleted morning evening north south east west alpha"
                            + " beta gamma delta the of and to in for with on")
                    .split(" ", -1);

    private final byte[][] stock;
    private int next;

    /** Makes the stock; the same seed gives the same values. */
    TopicText(int valueBytes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = Math.max(STOCK_VALUES_MIN, Math.min(STOCK_VALUES_MAX, STOCK_BYTES / valueBytes));
        stock = new byte[count][];
        for (int i = 0; i < count; i++) {
            stock[i] = value(valueBytes, random);
        }
    }

    /** Returns the next value, which must not be changed. */
    byte[] next() {
        byte[] value = stock[next];
        next = next + 1 == stock.length ? 0 : next + 1;
        return value;
    }

    private static byte[] value(int valueBytes, SplittableRandom random) {
        StringBuilder text = new StringBuilder(valueBytes + 32);
        text.append("{\"id\":").append(random.nextInt(100_000_000));
        text.append(",\"at\":").append(1_700_000_000_000L + random.nextLong(100_000_000_000L));
        text.append(",\"kind\":\"").append(word(random)).append("\",\"note\":\"");
        while (text.length() < valueBytes) {
            text.append(word(random)).append(' ');
            if (random.nextInt(8) == 0) {
                text.append(random.nextInt(10_000)).append(' ');
            }
        }
        text.setLength(valueBytes);
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] ending = "\"}".getBytes(StandardCharsets.US_ASCII);
        if (valueBytes > 64) {
            System.arraycopy(ending, 0, bytes, valueBytes - ending.length, ending.length);
        }
        return Arrays.copyOf(bytes, valueBytes);
    }

    private static String word(SplittableRandom random) {
        return WORDS[random.nextInt(WORDS.length)];
    }
}
