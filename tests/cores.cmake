# The cores by hand, in random runs, as golden traces; the store; parts of the node loop.
add_library(replsim_core_harness STATIC unit/core_harness.cc unit/core_harness_node.cc
            golden/golden_trace.cc)
target_link_libraries(replsim_core_harness PUBLIC replsim_primary_core replsim_replica_core
                                                  replsim_storage_store absl::str_format)

replsim_test(golden_test golden LIBS replsim_core_harness)
target_compile_definitions(golden_test PRIVATE REPLSIM_GOLDEN="${CMAKE_CURRENT_SOURCE_DIR}/golden")

replsim_tests(core_tests unit LIBS replsim_core_harness TESTS
              core_property_test sync_set_position_test key_locks_test protection_test
              follower_progress_test ticket_test write_times_test recent_log_test
              read_waiters_test flush_schedule_test kv_store_test command_test primary_core_test
              primary_gates_test primary_modes_test primary_metrics_test primary_requests_test
              primary_step_down_test primary_in_sync_test in_sync_set_test in_sync_quorum_test
              conditional_writes_test replica_core_test
              election_test suspect_together_test replica_election_test witness_core_test
              picker_test lag_max_test unclean_election_test takeover_test
              primary_switchover_test)
replsim_tests(node_tests unit LIBS replsim_core_harness replsim_node replsim_test_support TESTS
              node_test)
replsim_tests(runtime_tests unit LIBS replsim_monitoring replsim_test_support TESTS
              prometheus_text_test failpoints_test byte_index_test log_device_test node_storage_test
              combiner_test)
