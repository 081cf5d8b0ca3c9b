package io.peermesh.admin;

/**
 * A license upgrade.
 *
 * @param finalized whether it is in force: its addresses are given, or it needed none
 * @param sha1 40 hex digits over the upgrade's text without white space
 * @param newClients how many clientpacks it adds to those of the topology
 * @param newControllers how many controllers it adds
 */
public record UpgradeView(boolean finalized, String sha1, int newClients, int newControllers) {}
