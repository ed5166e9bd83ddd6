package dev.surefoot.wire.planted;

import dev.surefoot.core.engine.Request;

/** A class that would overlook a new kind of request. */
public final class AsksForEachKind {
    private AsksForEachKind() {}

    public static String name(Request<?> request) {
        if (request instanceof Request.Fetch) {
            return "fetch";
        }
        return request instanceof Request.Metadata ? "metadata" : "another";
    }
}
