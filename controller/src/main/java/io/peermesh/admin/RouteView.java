package io.peermesh.admin;

import io.peermesh.ip.Prefix;

/**
 * A route of this controller. Text that was not given is empty.
 *
 * @param id from 1, never used twice
 * @param advertise whether the mesh shall know it
 * @param editable false for routes that the controller adds by itself
 * @param reason why the kernel of this machine does not have it though it should; empty when it has
 *     it, or need not
 */
public record RouteView(
        int id,
        Prefix cidr,
        String description,
        String interfaceName,
        String gateway,
        String tunnel,
        String table,
        boolean advertise,
        int metric,
        boolean enabled,
        boolean editable,
        String reason) {}
