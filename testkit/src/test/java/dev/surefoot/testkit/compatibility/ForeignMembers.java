package dev.surefoot.testkit.compatibility;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.objectweb.asm.ClassReader;

/** Whether a class path has every class, method and field of others that the class files of Surefoot name. */
final class ForeignMembers {
    private ForeignMembers() {}

    /** Each is missing or not accessible, and comes with the class of ours that names it. */
    static Set<String> missing(List<Path> classPath) throws IOException {
        Set<String> missing = new TreeSet<>();
        try (JarClasses classes = new JarClasses(classPath)) {
            for (Path jar : classPath) {
                if (jar.getFileName().toString().matches("surefoot-(core|consumer)-.*")) {
                    missingOf(jar, classes, missing);
                }
            }
        }
        return missing;
    }

    private static void missingOf(Path jar, JarClasses classes, Set<String> missing) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (var entries = file.entries(); entries.hasMoreElements(); ) {
                var entry = entries.nextElement();
                if (!entry.getName().endsWith(".class") || entry.getName().endsWith("-info.class")) {
                    continue;
                }
                try (InputStream bytes = file.getInputStream(entry)) {
                    NamedMembers named = new NamedMembers(other -> inThisVersion(other, classes));
                    new ClassReader(bytes).accept(named, ClassReader.SKIP_FRAMES);
                    named.classes().stream()
                            .filter(type -> !classes.has(type))
                            .forEach(type -> missing.add(type + " in " + entry.getName()));
                    named.members().stream()
                            .filter(member -> !classes.hasAccessible(member))
                            .forEach(member -> missing.add(member + " in " + entry.getName()));
                    classes.unimplemented(entry.getName().replaceFirst("[.]class$", ""))
                            .forEach(member -> missing.add(member + ", abstract, in " + entry.getName()));
                }
            }
        }
    }

    /** {@code dev.surefoot.net.KafkaVersion} exchanges this one name; everything else has to be as it was compiled. */
    private static String inThisVersion(String name, JarClasses classes) {
        String newest = "org/apache/kafka/common/utils/internals/LogContext";
        return name.contains(newest) && !classes.has(newest)
                ? name.replace(newest, "org/apache/kafka/common/utils/LogContext")
                : name;
    }
}
