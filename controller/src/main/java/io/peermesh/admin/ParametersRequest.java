package io.peermesh.admin;

import java.util.Optional;

/**
 * How to address the topology: the license's defaults, or as given.
 *
 * @param useDefaults ignore the rest
 * @param subnet CIDR
 * @param managers overlay addresses of the controllers in the order of their ids, separated by
 *     blanks or commas
 * @param asns in the same order
 * @param clients comma-separated addresses, or a range {@code first-last}
 * @param virtualAddress the address that every controller answers to ({@code my_manager_vip})
 */
public record ParametersRequest(
        boolean useDefaults,
        Optional<String> subnet,
        Optional<String> managers,
        Optional<String> asns,
        Optional<String> clients,
        Optional<String> virtualAddress) {
    /** The license's defaults. */
    public static final ParametersRequest DEFAULTS =
            new ParametersRequest(
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
}
