package dev.surefoot.runtime;

import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Registered;

/** What all events of consumers in recordings have. */
@Registered(false)
class JfrOfConsumer extends Event {
    @Label("Client Id")
    String clientId = "";
}
