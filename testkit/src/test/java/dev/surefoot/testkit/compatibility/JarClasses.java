package dev.surefoot.testkit.compatibility;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The classes of a class path and of the JDK, read but not loaded. */
final class JarClasses implements AutoCloseable {
    /** A class as its file declares it; {@code members} maps NAME and DESCRIPTOR to access flags. */
    private record Declared(int access, List<String> parents, Map<String, Integer> members) {}

    private static final Declared UNKNOWN = new Declared(0, List.of(), Map.of());

    private final List<JarFile> jars = new ArrayList<>();
    private final Map<String, Declared> read = new HashMap<>();

    JarClasses(List<Path> classPath) throws IOException {
        for (Path jar : classPath) {
            jars.add(new JarFile(jar.toFile()));
        }
    }

    boolean has(String type) {
        return declared(type) != UNKNOWN;
    }

    /** Whether the owner or one of its parents has the member, and not for itself alone. */
    boolean hasAccessible(NamedMembers.Member member) {
        return find(member.owner(), member.name() + member.descriptor())
                .filter(access -> (access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED)) != 0)
                .isPresent();
    }

    private Optional<Integer> find(String owner, String member) {
        Declared declared = declared(owner);
        Integer access = declared.members().get(member);
        if (access != null) {
            return Optional.of(access);
        }
        return declared.parents().stream()
                .map(parent -> find(parent, member))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What a class that can have objects inherits as abstract, and nothing implements. */
    Set<String> unimplemented(String type) {
        if ((declared(type).access() & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE)) != 0) {
            return Set.of();
        }
        Set<String> implemented = new HashSet<>();
        Set<String> asked = new TreeSet<>();
        gather(type, implemented, asked);
        asked.removeAll(implemented);
        return asked;
    }

    private void gather(String type, Set<String> implemented, Set<String> asked) {
        Declared declared = declared(type);
        declared.members().forEach((member, access) -> {
            if (member.contains("(")) {
                ((access & Opcodes.ACC_ABSTRACT) == 0 ? implemented : asked).add(member);
            }
        });
        declared.parents().forEach(parent -> gather(parent, implemented, asked));
    }

    private Declared declared(String type) {
        Declared known = read.get(type);
        if (known == null) {
            known = read(type);
            read.put(type, known);
        }
        return known;
    }

    private Declared read(String type) {
        String file = type + ".class";
        try {
            for (JarFile jar : jars) {
                JarEntry entry = jar.getJarEntry(file);
                if (entry != null) {
                    try (InputStream bytes = jar.getInputStream(entry)) {
                        return read(bytes);
                    }
                }
            }
            if (type.startsWith("java")) {
                try (InputStream bytes = Object.class.getResourceAsStream("/" + file)) {
                    return bytes == null ? UNKNOWN : read(bytes);
                }
            }
            return UNKNOWN;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Declared read(InputStream bytes) throws IOException {
        ClassReader reader = new ClassReader(bytes);
        List<String> parents = new ArrayList<>(List.of(reader.getInterfaces()));
        if (reader.getSuperName() != null) {
            parents.add(0, reader.getSuperName());
        }
        Map<String, Integer> members = new HashMap<>();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public FieldVisitor visitField(
                            int access, String name, String descriptor, String signature, Object value) {
                        members.put(name + descriptor, access);
                        return null;
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        members.put(name + descriptor, access);
                        return null;
                    }
                },
                ClassReader.SKIP_CODE);
        return new Declared(reader.getAccess(), parents, members);
    }

    @Override
    public void close() throws IOException {
        for (JarFile jar : jars) {
            jar.close();
        }
    }
}
