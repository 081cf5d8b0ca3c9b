package io.peermesh.admin;

import java.util.Optional;

/**
 * New names; what is empty stays as it is.
 *
 * @param ntpHosts space-separated host names
 */
public record ConfigChange(
        Optional<String> topologyName,
        Optional<String> controllerName,
        Optional<String> ntpHosts) {}
