# The cores by hand, in random runs, and as golden traces; the store; what the node loop is made of.
add_library(replsim_core_harness STATIC unit/core_harness.cc unit/core_harness_node.cc)
target_link_libraries(replsim_core_harness PUBLIC replsim_primary_core replsim_replica_core replsim_kv)

replsim_test(core_property_test unit LIBS replsim_core_harness)
