package dev.surefoot.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.kafka.clients.ClientsTestUtils;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Finds the methods of Kafka's jar of tests that make a consumer, themselves or by what they call in that jar. */
final class ConsumerMakers {
    private static final String CONSTRUCTOR = "org/apache/kafka/clients/consumer/KafkaConsumer.<init>";
    private static final String RETURNED = ")Lorg/apache/kafka/clients/consumer/Consumer;";

    /** What each method of the jar calls, as {@code owner.name(descriptor)}. */
    private final Map<String, Set<String>> callees = new HashMap<>();

    private ConsumerMakers() {}

    /** Returns their names, as {@code package.Class#method}. */
    static Set<String> names() throws IOException, URISyntaxException {
        Path jar = Path.of(ClientsTestUtils.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        ConsumerMakers makers = new ConsumerMakers();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream()
                    .filter(each -> each.getName().endsWith(".class"))
                    .toList()) {
                try (InputStream bytes = file.getInputStream(entry)) {
                    makers.read(new ClassReader(bytes));
                }
            }
        }
        return makers.found();
    }

    private void read(ClassReader reader) {
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return new Calls(callees.computeIfAbsent(
                                reader.getClassName() + "." + name + descriptor, method -> new HashSet<>()));
                    }
                },
                ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    }

    private Set<String> found() {
        Set<String> makers = new HashSet<>();
        while (callees.entrySet().stream()
                .anyMatch(method -> !makers.contains(method.getKey())
                        && method.getValue().stream().anyMatch(callee -> makesOne(callee) || makers.contains(callee))
                        && makers.add(method.getKey()))) {
            // until no method is left that calls one of them
        }
        Set<String> names = new TreeSet<>();
        for (String method : makers) {
            names.add(method.substring(0, method.indexOf('(')).replace('.', '#').replace('/', '.'));
        }
        return names;
    }

    private static boolean makesOne(String method) {
        return method.startsWith(CONSTRUCTOR) || method.endsWith(RETURNED);
    }

    /** Collects what one method calls, or makes a lambda of. */
    private static final class Calls extends MethodVisitor {
        private final Set<String> found;

        Calls(Set<String> found) {
            super(Opcodes.ASM9);
            this.found = found;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            found.add(owner + "." + name + descriptor);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            for (Object argument : arguments) {
                if (argument instanceof Handle handle) {
                    found.add(handle.getOwner() + "." + handle.getName() + handle.getDesc());
                }
            }
        }
    }
}
