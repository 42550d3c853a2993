# The cores by hand, in random runs, as golden traces; the store; parts of the node loop.
add_library(replsim_core_harness STATIC unit/core_harness.cc unit/core_harness_node.cc
            golden/golden_trace.cc)
target_link_libraries(replsim_core_harness PUBLIC replsim_primary_core replsim_replica_core
                                                  replsim_kv absl::str_format)

replsim_test(core_property_test unit LIBS replsim_core_harness)

replsim_test(golden_test golden LIBS replsim_core_harness)
target_compile_definitions(golden_test PRIVATE REPLSIM_GOLDEN="${CMAKE_CURRENT_SOURCE_DIR}/golden")

foreach(test gate_test key_locks_test protection_test replica_progress_test ticket_test
             write_times_test)
  replsim_test(${test} unit LIBS replsim_primary_core)
endforeach()
foreach(test recent_log_test read_waiters_test flush_schedule_test)
  replsim_test(${test} unit LIBS replsim_protocol replsim_kv)
endforeach()
foreach(test kv_store_test command_test)
  replsim_test(${test} unit LIBS replsim_kv)
endforeach()
replsim_test(prometheus_text_test unit LIBS replsim_monitoring)
foreach(test failpoints_test byte_index_test log_device_test)
  replsim_test(${test} unit LIBS replsim_runtime)
endforeach()
replsim_test(primary_core_test unit LIBS replsim_primary_core replsim_kv)
replsim_test(primary_gates_test unit LIBS replsim_primary_core replsim_kv)
replsim_test(primary_modes_test unit LIBS replsim_primary_core replsim_kv)
replsim_test(primary_metrics_test unit LIBS replsim_primary_core replsim_kv)
replsim_test(primary_requests_test unit LIBS replsim_primary_core replsim_kv)
replsim_test(replica_core_test unit LIBS replsim_replica_core replsim_kv)
