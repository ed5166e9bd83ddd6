package dev.surefoot.core.records.planted;

import dev.surefoot.core.error.BrokerError;

/** A class of floor 0 that knows another package of floor 0, by an array of it. */
public interface KnowsItsSibling {
    BrokerError[] errors();
}
