package dev.surefoot.testkit.compatibility;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Gathers what a class file names of others: classes, and methods and fields as OWNER.NAME and DESCRIPTOR. */
final class NamedMembers extends ClassVisitor {
    /** @param descriptor of a method if it begins with a parenthesis, else of a field */
    record Member(String owner, String name, String descriptor) {
        @Override
        public String toString() {
            return owner + "." + name + descriptor;
        }
    }

    private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L([^;<]+);");
    private static final Pattern FOREIGN =
            Pattern.compile("(org/apache/kafka|com/github/luben|net/jpountz|org/xerial|org/slf4j)/.*");

    private final UnaryOperator<String> names;
    private final Set<String> classes = new TreeSet<>();
    private final Set<Member> members = new java.util.LinkedHashSet<>();

    /** @param names puts the name that something has on the class path for the one in the class file */
    NamedMembers(UnaryOperator<String> names) {
        super(Opcodes.ASM9);
        this.names = names;
    }

    Set<String> classes() {
        return classes;
    }

    Set<Member> members() {
        return members;
    }

    private void type(String name) {
        if (name == null) {
            return;
        }
        if (name.startsWith("[")) {
            descriptor(name);
        } else if (FOREIGN.matcher(name).matches()) {
            classes.add(names.apply(name));
        }
    }

    private void descriptor(String descriptor) {
        Matcher matcher = CLASS_IN_DESCRIPTOR.matcher(descriptor);
        while (matcher.find()) {
            type(matcher.group(1));
        }
    }

    private void member(String owner, String name, String descriptor) {
        type(owner);
        descriptor(descriptor);
        if (FOREIGN.matcher(owner).matches()) {
            members.add(new Member(names.apply(owner), name, names.apply(descriptor)));
        }
    }

    private void constant(Object value) {
        if (value instanceof Type type) {
            descriptor(type.getDescriptor());
        } else if (value instanceof Handle handle) {
            member(handle.getOwner(), handle.getName(), handle.getDesc());
        }
    }

    @Override
    public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
        type(parent);
        for (String each : interfaces) {
            type(each);
        }
    }

    @Override
    public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
        descriptor(descriptor);
        return null;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String method, String methodDescriptor, String signature, String[] exceptions) {
        descriptor(methodDescriptor);
        return new MethodVisitor(Opcodes.ASM9) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean itf) {
                member(owner, name, descriptor);
            }

            @Override
            public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
                member(owner, name, descriptor);
            }

            @Override
            public void visitTypeInsn(int opcode, String type) {
                type(type);
            }

            @Override
            public void visitLdcInsn(Object value) {
                constant(value);
            }

            @Override
            public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
                descriptor(descriptor);
                for (Object argument : arguments) {
                    constant(argument);
                }
            }

            @Override
            public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
                type(type);
            }
        };
    }
}
