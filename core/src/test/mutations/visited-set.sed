# what:  a packet does not remember where it was
# file:  core/src/main/java/io/peermesh/forward/Routes.java
# tests: ForwarderTest LivenessSimTest WorldsTest
s/packet\.visited |= paths\.selfBit();//
