package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.replication.SharedMap;
import io.peermesh.routing.LinkStateDatabase;

/** What all controllers hold alike. */
record Databases(LinkStateDatabase linkState, OwnershipTable ownership, SharedMap shared) {}
