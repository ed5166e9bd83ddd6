package dev.surefoot.runtime;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The application was out of poll for a while. */
@Name("dev.surefoot.PollGap")
@Label("Poll Gap")
@Description("The application was out of poll for a while.")
@Category({"Surefoot", "Consumer"})
@StackTrace(false)
final class JfrPollGap extends JfrOfConsumer {
    @Label("Gap")
    @Timespan(Timespan.MILLISECONDS)
    long gap;
}
