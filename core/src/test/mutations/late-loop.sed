# what:  a loop that was paused counts that as the peers' silence
# file:  core/src/main/java/io/peermesh/liveness/LinkMonitor.java
# tests: LinkMonitorTest LivenessSimTest
s/return nowNanos - countedToNanos > 2 \* intervalNanos;/return false;/
s/silentNanos += Math\.min(passed, intervalNanos);/silentNanos += passed;/
