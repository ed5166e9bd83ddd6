package dev.surefoot.cli.console;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: this build, and the Java that runs it. */
public final class VersionText implements IVersionProvider {

    /** Created by picocli. */
    public VersionText() {}

    @Override
    public String[] getVersion() {
        String version = VersionText.class.getPackage().getImplementationVersion();
        // Only a jar has a version; classes that run from a folder are a development build.
        return new String[] {
            "surefoot " + (version == null ? "(not packaged)" : version),
            "Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")"
        };
    }
}
