package io.peermesh.admin;

import io.peermesh.keyset.ScryptCost;

/**
 * What the command line tells the administration.
 *
 * @param privateAddress the underlay address of this controller, as peers reach it
 * @param publicAddress its address as seen from the Internet; empty when unknown
 * @param subnetGateway the underlay's gateway; empty when unknown
 * @param clientEndpoint HOST:PORT where clients reach this controller unless configured otherwise
 * @param defaultControllerName the name until one is configured
 * @param weakTokens whether security tokens under 12 characters are let in
 * @param passwordCost of password hashes
 * @param tokenCost of the stretched security token
 */
public record Settings(
        String privateAddress,
        String publicAddress,
        String subnetGateway,
        String clientEndpoint,
        String defaultControllerName,
        boolean weakTokens,
        ScryptCost passwordCost,
        ScryptCost tokenCost) {
    /** Usual costs and strict tokens, clients on UDP 51820 of the underlay address. */
    public static Settings of(String underlayAddress, String controllerName) {
        String host =
                underlayAddress.indexOf(':') >= 0 ? "[" + underlayAddress + "]" : underlayAddress;
        return new Settings(
                underlayAddress,
                "",
                "",
                host + ":" + 51820,
                controllerName,
                false,
                ScryptCost.USUAL,
                ScryptCost.USUAL);
    }
}
