package dev.surefoot.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A position was lost, and reading goes on at another one. */
@Name("dev.surefoot.PositionMoved")
@Label("Position Moved")
@Description("A position was lost, and reading goes on at another one.")
@Category({"Surefoot", "Consumer"})
@StackTrace(false)
final class JfrPositionMoved extends JfrOfPartition {
    @Label("Why")
    String why = "";
}
