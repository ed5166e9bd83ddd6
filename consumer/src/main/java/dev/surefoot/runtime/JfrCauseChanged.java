package dev.surefoot.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A partition has another cause than before. */
@Name("dev.surefoot.CauseChanged")
@Label("Cause Changed")
@Description("A partition has another cause than before.")
@Category({"Surefoot", "Consumer"})
@StackTrace(false)
final class JfrCauseChanged extends JfrOfPartition {
    @Label("From")
    String from = "";

    @Label("To")
    String to = "";

    @Label("Lasted")
    @Timespan(Timespan.MILLISECONDS)
    long lasted;
}
