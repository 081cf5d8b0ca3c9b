package io.peermesh.agent;

import java.util.List;

/** What the agent reads in a pack, for the tests of whoever writes packs. */
public final class PackCheck {
    private PackCheck() {}

    /**
     * The controllers, such as {@code 1 10.199.0.253 192.0.2.1:51820}, the home controller first.
     */
    public static List<String> controllers(String text) {
        Pack pack = PackReaderTest.pack(text);
        return pack.controllers().values().stream()
                .sorted(
                        java.util.Comparator.comparing(
                                        (Pack.Controller each) -> each.id() != pack.homeId())
                                .thenComparingInt(Pack.Controller::id))
                .map(each -> each.id() + " " + each.overlayAddress() + " " + each.endpoint())
                .toList();
    }

    /** The address that every controller answers to. */
    public static String virtualAddress(String text) {
        return PackReaderTest.pack(text).virtualAddress().toString();
    }

    /** The failover script that {@code peermesh client} makes of a pack. */
    public static String failoverScript(String text, String device) {
        return PackReaderTest.pack(text).failoverScript(device).script();
    }
}
