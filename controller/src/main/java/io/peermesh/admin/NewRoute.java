package io.peermesh.admin;

/**
 * A route to add, as the API has it: text that is empty or {@code _notset} counts as not given.
 *
 * @param table {@code main} unless given
 */
public record NewRoute(
        String cidr,
        String description,
        String interfaceName,
        String gateway,
        String tunnel,
        String table,
        boolean advertise,
        int metric) {}
