package dev.surefoot.testkit.simulation.world;

import dev.surefoot.testkit.simulation.model.ModelPartition;

/** Hears of changes of logs and topics that the client gets no notice of. */
interface LogChanges {
    /** The topic was deleted, and another one of its name created. */
    void recreated(String topic);

    /** The topic has one partition more. */
    void partitionAdded(String topic);

    /** The log was truncated to this end. */
    void truncated(ModelPartition partition, long end);
}
