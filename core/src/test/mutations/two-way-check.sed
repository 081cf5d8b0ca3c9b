# what:  a link counts when one end advertises it
# file:  core/src/main/java/io/peermesh/routing/ShortestPaths.java
# tests: ShortestPathsTest
s/boolean twoWay = .*;/boolean twoWay = true;/
