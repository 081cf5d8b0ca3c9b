# what:  a peer that begins anew is told only what changes from now on
# file:  core/src/main/java/io/peermesh/node/PeerLink.java
# tests: FaultSimTest
s/backlog\.addAll(env\.databases());//
