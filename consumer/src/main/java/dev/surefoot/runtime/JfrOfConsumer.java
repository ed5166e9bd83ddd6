package dev.surefoot.runtime;

import jdk.jfr.Event;
import jdk.jfr.Label;

/** What all events of consumers in recordings have. */
abstract class JfrOfConsumer extends Event {
    @Label("Client Id")
    String clientId = "";
}
