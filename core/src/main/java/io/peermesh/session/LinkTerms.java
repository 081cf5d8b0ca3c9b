package io.peermesh.session;

import io.peermesh.crypto.CipherSuite;
import io.peermesh.wire.LinkOffer;
import java.util.Set;
import java.util.UUID;

/**
 * What this controller brings into every link handshake.
 *
 * @param selfId own controller id, 1..10
 * @param keyset uuid of the keyset
 * @param generation of the keyset, from 1
 * @param installation names this installation, for life
 * @param instance random, new at each start of the process
 * @param ciphers transport ciphers that this side may use; with AES only where it is fast
 * @param minVersion lowest link protocol version spoken
 * @param maxVersion highest
 */
public record LinkTerms(
        int selfId,
        UUID keyset,
        int generation,
        UUID installation,
        long instance,
        Set<CipherSuite> ciphers,
        int minVersion,
        int maxVersion) {
    /** Copies the set. */
    public LinkTerms {
        ciphers = Set.copyOf(ciphers);
    }

    /** Terms with the versions of this build. */
    public LinkTerms(
            int selfId,
            UUID keyset,
            int generation,
            UUID installation,
            long instance,
            Set<CipherSuite> ciphers) {
        this(
                selfId,
                keyset,
                generation,
                installation,
                instance,
                ciphers,
                LinkOffer.MIN_VERSION,
                LinkOffer.VERSION);
    }
}
