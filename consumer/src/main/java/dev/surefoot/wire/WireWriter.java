package dev.surefoot.wire;

import java.nio.ByteBuffer;

/** Writes a message at a buffer's position. */
record WireWriter(ByteBuffer out, boolean flexible) implements WireSink {
    @Override
    public void int8(int value) {
        out.put((byte) value);
    }

    @Override
    public void int16(int value) {
        out.putShort((short) value);
    }

    @Override
    public void int32(int value) {
        out.putInt(value);
    }

    @Override
    public void int64(long value) {
        out.putLong(value);
    }

    @Override
    public void bytes(byte[] value) {
        out.put(value);
    }
}
