package dev.surefoot.cli.consume;

import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Takes the argument after an option as its value even if it looks like another option, such as {@code -f '-e %s'}.
 */
final class ValueAsWritten implements IParameterConsumer {

    /** Created by picocli. */
    ValueAsWritten() {}

    @Override
    public void consumeParameters(Stack<String> args, ArgSpec option, CommandSpec command) {
        if (args.isEmpty()) {
            String name = option.isOption() ? ((OptionSpec) option).longestName() : option.paramLabel();
            throw new ParameterException(
                    command.commandLine(),
                    "Missing required parameter for option '" + name + "' (" + option.paramLabel() + ")");
        }
        option.setValue(args.pop());
    }
}
