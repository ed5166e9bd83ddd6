package dev.surefoot.runtime;

import jdk.jfr.Label;
import jdk.jfr.Registered;

/** What all events of partitions in recordings have. */
@Registered(false)
class JfrOfPartition extends JfrOfConsumer {
    @Label("Topic")
    String topic = "";

    @Label("Partition")
    int partition;
}
