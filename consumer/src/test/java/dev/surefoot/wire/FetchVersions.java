package dev.surefoot.wire;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The versions of Fetch that a test is repeated for. */
final class FetchVersions {
    private FetchVersions() {}

    static Stream<Short> all() {
        return IntStream.rangeClosed(FetchRequestCodec.LOWEST_VERSION, FetchRequestCodec.HIGHEST_VERSION)
                .mapToObj(version -> (short) version);
    }
}
