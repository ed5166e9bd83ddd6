package dev.surefoot.wire;

/** Adds up how many bytes a message takes. */
final class WireSize implements WireSink {
    private final boolean flexible;
    private int total;

    WireSize(boolean flexible) {
        this.flexible = flexible;
    }

    int total() {
        return total;
    }

    @Override
    public boolean flexible() {
        return flexible;
    }

    @Override
    public void int8(int value) {
        total += Byte.BYTES;
    }

    @Override
    public void int16(int value) {
        total += Short.BYTES;
    }

    @Override
    public void int32(int value) {
        total += Integer.BYTES;
    }

    @Override
    public void int64(long value) {
        total += Long.BYTES;
    }

    @Override
    public void bytes(byte[] value) {
        total += value.length;
    }
}
