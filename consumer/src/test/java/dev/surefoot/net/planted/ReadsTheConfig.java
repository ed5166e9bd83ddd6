package dev.surefoot.net.planted;

import dev.surefoot.SurefootConfig;

/** A class of the net layer that knows the face. */
public interface ReadsTheConfig {
    SurefootConfig config();
}
