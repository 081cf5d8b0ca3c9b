# what:  of two records of a client the one with the older epoch wins
# file:  core/src/main/java/io/peermesh/clients/OwnershipTable.java
# tests: OwnershipTableTest
s/return Long\.compare(one\.epoch(), other\.epoch());/return Long.compare(other.epoch(), one.epoch());/
