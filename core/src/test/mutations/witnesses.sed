# what:  in a cut, the side that keeps the clients does not tell the witnesses that it lives
# file:  core/src/main/java/io/peermesh/node/Witnesses.java
# tests: WitnessSimTest
s/^ *env\.calls()\.renew(chosen, nowNanos);$//
