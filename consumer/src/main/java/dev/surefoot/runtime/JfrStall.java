package dev.surefoot.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** Partitions stand still for longer than their cause may take, or go on. */
@Name("dev.surefoot.Stall")
@Label("Stall")
@Description("Partitions stand still for longer than their cause may take, or go on.")
@Category({"Surefoot", "Consumer"})
@StackTrace(false)
final class JfrStall extends JfrOfConsumer {
    @Label("What")
    String what = "";

    @Label("Cause")
    String cause = "";

    @Label("Severity")
    String severity = "";

    @Label("Scope")
    String scope = "";

    @Label("Partitions")
    int partitions;

    @Label("Examples")
    String examples = "";

    @Label("Position")
    long position;

    @Label("Evidence")
    String evidence = "";

    @Label("Episode")
    long episode;

    @Label("Flaps")
    int flaps;

    @Label("Lasted")
    @Timespan(Timespan.MILLISECONDS)
    long lasted;
}
