package dev.surefoot.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** An answer to a fetch was not in order. */
@Name("dev.surefoot.SessionVerdict")
@Label("Session Verdict")
@Description("An answer to a fetch was not in order.")
@Category({"Surefoot", "Consumer"})
@StackTrace(false)
final class JfrSessionVerdict extends JfrOfConsumer {
    @Label("Node Id")
    int nodeId;

    @Label("Verdict")
    String verdict = "";

    @Label("Detail")
    String detail = "";
}
