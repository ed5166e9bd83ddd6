package dev.surefoot.wire;

/** The features of Fetch versions that requests and responses share. */
final class FetchVersion {
    private FetchVersion() {}

    /** Whether requests and responses carry incremental fetch sessions (KIP-227). */
    static boolean hasSessions(short version) {
        return version >= 7;
    }

    /** Whether lengths are compact and structures end in tagged fields (KIP-482). */
    static boolean isFlexible(short version) {
        return version >= 12;
    }

    /** Whether topics are named by id instead of name (KIP-516). */
    static boolean namesTopicsById(short version) {
        return version >= 13;
    }

    static void requireKnown(short version) {
        if (version < FetchRequestCodec.LOWEST_VERSION || version > FetchRequestCodec.HIGHEST_VERSION) {
            throw new IllegalArgumentException("Fetch v" + version + " is not among the versions "
                    + FetchRequestCodec.LOWEST_VERSION + " to " + FetchRequestCodec.HIGHEST_VERSION
                    + " that this client speaks");
        }
    }
}
