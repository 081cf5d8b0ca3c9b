package io.peermesh.runtime;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A look-up of host names: the system's in production. May block. */
@FunctionalInterface
public interface NameLookup {
    /** All addresses of a host; throws when it is unknown. */
    InetAddress[] all(String host) throws UnknownHostException;
}
