package dev.surefoot.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A turn of the consumer thread began later than planned. */
@Name("dev.surefoot.ProcessPaused")
@Label("Process Paused")
@Description("A turn of the consumer thread began later than planned.")
@Category({"Surefoot", "Consumer"})
@StackTrace(false)
final class JfrProcessPaused extends JfrOfConsumer {
    @Label("Late")
    @Timespan(Timespan.MILLISECONDS)
    long late;
}
