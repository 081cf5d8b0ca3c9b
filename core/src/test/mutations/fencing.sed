# what:  who hears of a newer owner goes on sending
# file:  core/src/main/java/io/peermesh/node/Clients.java
# tests: NodeClientsTest OwnershipSimTest
s/^ *fence(session\.get(), record\.owner(), nowNanos);$//
