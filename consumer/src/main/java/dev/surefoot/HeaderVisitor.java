package dev.surefoot;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What {@link ReceivedRecord#forEachHeader} shows each header to. */
@FunctionalInterface
public interface HeaderVisitor {
    /**
     * Looks at one header.
     *
     * @param key UTF-8 from position to limit; read-only, and valid until this method returns
     * @param value from position to limit, or null if the header has none; read-only, and valid until this method returns
     */
    void visit(ByteBuffer key, @Nullable ByteBuffer value);
}
