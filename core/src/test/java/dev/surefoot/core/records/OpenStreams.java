package dev.surefoot.core.records;

/** Shows tests of other packages what a decompressor has open. */
public final class OpenStreams {
    private OpenStreams() {}

    public static int of(Decompressor decompressor) {
        return decompressor.openStreams();
    }

    public static int begun(Decompressor decompressor) {
        return decompressor.begunStreams();
    }
}
