# what:  a link that returns is used at once, however often it has failed
# file:  core/src/main/java/io/peermesh/liveness/Damping.java
# tests: LinkMonitorTest LivenessSimTest
s/return counting < 2 ? 0 : .*;/return 0;/
