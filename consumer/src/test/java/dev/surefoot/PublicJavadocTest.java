package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PrimitiveTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Each member that a program can call has Javadoc of its own, as that of Kafka's interface describes another client. A
 * time or size in a public signature of the face or of the core has its unit in the Javadoc.
 */
class PublicJavadocTest {
    private static final Path FACE = Path.of("src", "main", "java", "dev", "surefoot");
    private static final Path CORE = Path.of("..", "core", "src", "main", "java", "dev", "surefoot", "core");

    /** The ends of names that stand for a unit, and what the Javadoc then has to say. */
    private static final Map<String, String> UNITS = Map.of(
            "Nanos", "nanosecond",
            "Ms", "millisecond",
            "Millis", "millisecond",
            "Bytes", "byte",
            "Size", "byte");

    @Test
    void everyPublicMemberIsDocumented() throws IOException {
        List<String> undocumented = new ArrayList<>();
        int members = 0;
        try (Stream<Path> sources = Files.list(FACE)) {
            List<Path> face =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            for (Parsed type : parsed(face)) {
                members += look(type.tree(), type.path(), type.docs(), undocumented);
            }
        }

        assertThat(members).as("public members").isGreaterThan(50);
        assertThat(undocumented).isEmpty();
    }

    @Test
    void everyTimeAndSizeHasItsUnit() throws IOException {
        Amounts amounts = new Amounts();
        try (Stream<Path> face = Files.list(FACE);
                Stream<Path> core = Files.walk(CORE)) {
            List<Path> sources = Stream.concat(face, core)
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
            for (Parsed type : parsed(sources)) {
                amounts.look(type.tree(), type.path(), type.docs());
            }
        }

        assertThat(amounts.checked).as("amounts with a unit in their name").isGreaterThan(50);
        assertThat(amounts.withoutUnit).isEmpty();
    }

    /** A type as it stands in its file. */
    private record Parsed(ClassTree tree, TreePath path, DocTrees docs) {}

    private static List<Parsed> parsed(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Parsed> types = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree declared : unit.getTypeDecls()) {
                    types.add(new Parsed((ClassTree) declared, TreePath.getPath(unit, declared), docs));
                }
            }
        }
        return types;
    }

    /** Looks for numbers whose name ends with a unit that the Javadoc does not have. */
    private static final class Amounts {
        private final List<String> withoutUnit = new ArrayList<>();
        private int checked;

        void look(ClassTree type, TreePath path, DocTrees docs) {
            boolean isInterface = type.getKind() == Tree.Kind.INTERFACE;
            for (Tree member : type.getMembers()) {
                TreePath at = new TreePath(path, member);
                if (member instanceof ClassTree within) {
                    look(within, at, docs);
                } else if (isComponent(type, member)) {
                    VariableTree component = (VariableTree) member;
                    check(type, component.getName(), component.getType(), docs.getDocComment(path));
                } else if (member instanceof MethodTree method && isPublic(method, isInterface)) {
                    // A constructor of a record may leave its parameters to the Javadoc of the record.
                    boolean ofRecord = type.getKind() == Tree.Kind.RECORD && method.getReturnType() == null;
                    check(type, method, docs.getDocComment(at) + (ofRecord ? docs.getDocComment(path) : ""));
                }
            }
        }

        private static boolean isComponent(ClassTree type, Tree member) {
            return type.getKind() == Tree.Kind.RECORD
                    && !type.getModifiers().getFlags().contains(Modifier.PRIVATE)
                    && member instanceof VariableTree field
                    && !field.getModifiers().getFlags().contains(Modifier.STATIC);
        }

        private void check(ClassTree type, MethodTree method, String doc) {
            boolean isOverride = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            if (isOverride) {
                return;
            }
            check(type, method.getName(), method.getReturnType(), doc);
            for (VariableTree parameter : method.getParameters()) {
                check(type, parameter.getName(), parameter.getType(), doc);
            }
        }

        /** The time of a turn is passed through the whole core, and {@code core.exchange.Turn} describes it once. */
        private void check(ClassTree type, Name name, @Nullable Tree ofType, @Nullable String doc) {
            if (!(ofType instanceof PrimitiveTypeTree) || name.contentEquals("nowNanos")) {
                return;
            }
            UNITS.forEach((ending, unit) -> {
                if (name.toString().endsWith(ending)) {
                    checked++;
                    if (doc == null || !doc.toLowerCase(Locale.ROOT).contains(unit)) {
                        withoutUnit.add(type.getSimpleName() + ": " + name + " without \"" + unit + "\"");
                    }
                }
            });
        }
    }

    /** Looks at a class and at those within it; returns how many public members it has. */
    private static int look(ClassTree type, TreePath path, DocTrees docs, List<String> undocumented) {
        Set<Modifier> modifiers = type.getModifiers().getFlags();
        // What a class of the face inherits from an abstract one beside it is public too.
        if (!modifiers.contains(Modifier.PUBLIC) && !modifiers.contains(Modifier.ABSTRACT)) {
            return 0;
        }
        int members = 0;
        boolean isInterface = type.getKind() == Tree.Kind.INTERFACE;
        for (Tree member : type.getMembers()) {
            TreePath at = new TreePath(path, member);
            if (member instanceof ClassTree within) {
                members += look(within, at, docs, undocumented);
            } else if (isPublic(member, isInterface)) {
                members++;
                if (docs.getDocComment(at) == null) {
                    undocumented.add(type.getSimpleName() + ": " + member);
                }
            }
        }
        return members;
    }

    private static boolean isPublic(Tree member, boolean ofInterface) {
        if (member instanceof MethodTree method) {
            return isPublic(method.getModifiers().getFlags(), ofInterface);
        }
        return member instanceof VariableTree field
                && isPublic(field.getModifiers().getFlags(), ofInterface);
    }

    private static boolean isPublic(Set<Modifier> modifiers, boolean ofInterface) {
        return modifiers.contains(Modifier.PUBLIC) || ofInterface && !modifiers.contains(Modifier.PRIVATE);
    }
}
