package dev.surefoot.net;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Renames classes in a class file (JVMS 4.4). All names are strings of its constant pool, and nothing depends on their
 * length.
 */
final class ConstantPool {
    private static final int MAGIC_AND_VERSION_BYTES = 8;
    private static final int UTF8 = 1;

    private ConstantPool() {}

    /**
     * Replaces a class name wherever the class file has it, alone or within a descriptor.
     *
     * @param from the old name, with slashes
     * @param to the new name, with slashes
     * @throws IOException if these bytes are not a class file
     */
    static byte[] rename(byte[] classFile, String from, String to) throws IOException {
        ByteArrayOutputStream renamed = new ByteArrayOutputStream(classFile.length);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        DataOutputStream out = new DataOutputStream(renamed);
        copy(MAGIC_AND_VERSION_BYTES, in, out);
        int count = in.readUnsignedShort();
        out.writeShort(count);
        for (int index = 1; index < count; index++) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            if (tag == UTF8) {
                out.writeUTF(in.readUTF().replace(from, to));
            } else {
                int bytes = sizeBytes(tag);
                copy(bytes, in, out);
                if (bytes == Long.BYTES) {
                    index++; // longs and doubles take two entries
                }
            }
        }
        in.transferTo(out);
        return renamed.toByteArray();
    }

    private static void copy(int bytes, DataInputStream in, DataOutputStream out) throws IOException {
        byte[] copied = new byte[bytes];
        in.readFully(copied);
        out.write(copied);
    }

    private static int sizeBytes(int tag) throws IOException {
        return switch (tag) {
            case 7, 8, 16, 19, 20 -> 2; // class, string, method type, module, package
            case 15 -> 3; // method handle
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 4; // int, float, members, name and type, dynamic
            case 5, 6 -> 8; // long, double
            default -> throw new IOException("constant with tag " + tag);
        };
    }
}
