# what:  a packet is sent on to where it was
# file:  core/src/main/java/io/peermesh/forward/Paths.java
# tests: PathsTest
s/(visited & TransportHeader\.visitedBit(tunnel\.id)) == 0/true/
s/(visited & TransportHeader\.visitedBit(controllerId)) != 0/false/
