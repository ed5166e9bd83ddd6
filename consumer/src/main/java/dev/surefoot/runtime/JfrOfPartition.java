package dev.surefoot.runtime;

import jdk.jfr.Label;

/** What all events of partitions in recordings have. */
abstract class JfrOfPartition extends JfrOfConsumer {
    @Label("Topic")
    String topic = "";

    @Label("Partition")
    int partition;
}
