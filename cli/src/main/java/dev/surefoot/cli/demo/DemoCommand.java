package dev.surefoot.cli.demo;

import dev.surefoot.cli.console.*;

@picocli.CommandLine.Command(name = "demo")
public final class DemoCommand implements Runnable {
    public DemoCommand(Console c, Termination t) {}

    @Override
    public void run() {}
}
