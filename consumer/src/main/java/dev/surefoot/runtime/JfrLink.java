package dev.surefoot.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A request to a broker has failed. */
@Name("dev.surefoot.Link")
@Label("Link")
@Description("A request to a broker has failed.")
@Category({"Surefoot", "Consumer"})
@StackTrace(false)
final class JfrLink extends JfrOfConsumer {
    @Label("Node Id")
    int nodeId;

    @Label("Request")
    String request = "";

    @Label("Reason")
    String reason = "";

    @Label("Text")
    String text = "";
}
