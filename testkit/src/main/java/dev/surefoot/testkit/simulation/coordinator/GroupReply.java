package dev.surefoot.testkit.simulation.coordinator;

import org.apache.kafka.common.protocol.ApiMessage;

/** Takes the answer to one request: within the call that brought the request, or later if the request was parked. */
@FunctionalInterface
public interface GroupReply {
    /**
     * @param answer the message that the coordinator sends; the receiver may keep it
     */
    void answer(ApiMessage answer);
}
