package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
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
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Whatever a program can call has Javadoc of its own: that of Kafka's interface says what another client does. */
class PublicJavadocTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "surefoot");

    @Test
    void everyPublicMemberIsDocumented() throws IOException {
        List<String> undocumented = new ArrayList<>();
        int members = 0;
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.list(SOURCES)) {
            List<Path> face =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(face));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree declared : unit.getTypeDecls()) {
                    members += look((ClassTree) declared, TreePath.getPath(unit, declared), docs, undocumented);
                }
            }
        }

        assertThat(members).as("public members").isGreaterThan(50);
        assertThat(undocumented).isEmpty();
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
