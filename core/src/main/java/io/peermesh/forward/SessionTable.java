package io.peermesh.forward;

import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session of a receiver index: open addressing with linear probing, at most half full. A
 * look-up allocates nothing; only adding may, when the table grows.
 *
 * <p>An index without a keypair is a free slot. Indices are ours, so nobody else can choose them to
 * collide.
 */
final class SessionTable {
    private static final int INITIAL_SLOTS = 64;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private int[] indices = new int[INITIAL_SLOTS];
    private @Nullable Tunnel[] tunnels = new @Nullable Tunnel[INITIAL_SLOTS];
    private @Nullable Keypair[] keypairs = new @Nullable Keypair[INITIAL_SLOTS];
    private int size;

    /** The slot of the index, or -1. Slots move when the table changes. */
    int find(int index) {
        int mask = indices.length - 1;
        int slot = home(index, mask);
        while (keypairs[slot] != null) {
            if (indices[slot] == index) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return -1;
    }

    Tunnel tunnel(int slot) {
        Tunnel tunnel = tunnels[slot];
        if (tunnel == null) {
            throw new IllegalStateException("no session in slot " + slot);
        }
        return tunnel;
    }

    Keypair keypair(int slot) {
        Keypair keypair = keypairs[slot];
        if (keypair == null) {
            throw new IllegalStateException("no session in slot " + slot);
        }
        return keypair;
    }

    int size() {
        return size;
    }

    /** Adds the keypair under its local index, in place of what was there. */
    void put(Tunnel tunnel, Keypair keypair) {
        if (2 * (size + 1) > indices.length) {
            grow();
        }
        int mask = indices.length - 1;
        int slot = home(keypair.localIndex, mask);
        while (keypairs[slot] != null && indices[slot] != keypair.localIndex) {
            slot = slot + 1 & mask;
        }
        size += keypairs[slot] == null ? 1 : 0;
        indices[slot] = keypair.localIndex;
        tunnels[slot] = tunnel;
        keypairs[slot] = keypair;
    }

    /** Removes this keypair; another one under the same index stays. */
    void remove(Keypair keypair) {
        int slot = find(keypair.localIndex);
        if (slot < 0 || keypairs[slot] != keypair) {
            return;
        }
        size--;
        closeGap(slot);
    }

    /** Moves up what probing would no longer find past a free slot (Knuth, 6.4 algorithm R). */
    private void closeGap(int gap) {
        int mask = indices.length - 1;
        int free = gap;
        for (int slot = free + 1 & mask; keypairs[slot] != null; slot = slot + 1 & mask) {
            int fromHome = slot - home(indices[slot], mask) & mask;
            if (fromHome >= (slot - free & mask)) {
                indices[free] = indices[slot];
                tunnels[free] = tunnels[slot];
                keypairs[free] = keypairs[slot];
                free = slot;
            }
        }
        tunnels[free] = null;
        keypairs[free] = null;
    }

    private void grow() {
        @Nullable Tunnel[] oldTunnels = tunnels;
        @Nullable Keypair[] oldKeypairs = keypairs;
        int slots = 2 * indices.length;
        indices = new int[slots];
        tunnels = new @Nullable Tunnel[slots];
        keypairs = new @Nullable Keypair[slots];
        size = 0;
        for (int i = 0; i < oldKeypairs.length; i++) {
            Tunnel tunnel = oldTunnels[i];
            Keypair keypair = oldKeypairs[i];
            if (tunnel != null && keypair != null) {
                put(tunnel, keypair);
            }
        }
    }

    private static int home(int index, int mask) {
        return (int) ((index * SPREAD) >>> 32) & mask;
    }
}
