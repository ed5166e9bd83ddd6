package dev.surefoot.wire;

import dev.surefoot.core.session.FetchPlan;
import java.nio.ByteBuffer;

/** Writes the body of a Fetch request, versions 4 to 18. */
public final class FetchRequestCodec {
    private FetchRequestCodec() {}

    /** Bytes that {@link #write} will need. */
    public static int size(FetchPlan plan, FetchSettings settings, short version) {
        return 0;
    }

    /** Writes the body at the buffer's position and moves it behind. Reads nothing but its arguments, so writing twice gives the same bytes. */
    public static void write(FetchPlan plan, int maxBytes, FetchSettings settings, short version, ByteBuffer out) {}
}
