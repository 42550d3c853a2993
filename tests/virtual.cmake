# Virtual time: its parts, and every scenario run in it.
replsim_tests(virtual_parts_tests unit LIBS replsim_virtual TESTS
              virtual_scheduler_test virtual_network_test node_clock_test)

replsim_tests(virtual_tests virtual LIBS replsim_command TESTS
              determinism_test waiting_test calibrate_test reality_test link_draws_test thaw_test
              host_loss_test judge_run_test nothing_to_do_test promotion_test role_change_test
              cluster_trials_test scaled_failover_test reader_guarantees_test repeat_test
              preset_failover_test tour_test)
target_compile_definitions(virtual_tests PRIVATE
                           REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin"
                           REPLSIM_DOCS="${PROJECT_SOURCE_DIR}/docs"
                           REPLSIM_SCENARIOS="${PROJECT_SOURCE_DIR}/scenarios")
add_dependencies(virtual_tests replsim)

add_executable(virtual_bench ${CMAKE_CURRENT_SOURCE_DIR}/bench/virtual_bench.cc)
target_link_libraries(virtual_bench PRIVATE replsim_options replsim_command)
set_target_properties(virtual_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                                               ${PROJECT_BINARY_DIR}/tests)

replsim_test(matrix_test virtual LIBS replsim_command)
set(matrix ${CMAKE_CURRENT_SOURCE_DIR}/virtual/matrix_cases.cc
           ${CMAKE_CURRENT_SOURCE_DIR}/virtual/matrix_evidence.cc
           ${CMAKE_CURRENT_SOURCE_DIR}/virtual/matrix_scenario.cc)
target_sources(matrix_test PRIVATE ${matrix})
gtest_discover_tests(matrix_test TEST_PREFIX full. DISCOVERY_MODE PRE_TEST
                     PROPERTIES LABELS full ENVIRONMENT REPLSIM_MATRIX_SEEDS=1000 TIMEOUT 3600)
# A sample of its cells, with real processes.
replsim_test(matrix_live_test live LIBS replsim_report replsim_scenario)
target_sources(matrix_live_test PRIVATE ${matrix})
target_compile_definitions(matrix_live_test PRIVATE REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin")
add_dependencies(matrix_live_test replsim replsim-primary replsim-replica)

replsim_test(figures_test virtual LIBS replsim_command)
target_sources(figures_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/virtual/figures_oracle.cc
                                    ${CMAKE_CURRENT_SOURCE_DIR}/virtual/figures_oracle_recovery.cc)

replsim_test(outage_property_test virtual LIBS replsim_command)
target_sources(outage_property_test PRIVATE
               ${CMAKE_CURRENT_SOURCE_DIR}/virtual/lag_reference.cc
               ${CMAKE_CURRENT_SOURCE_DIR}/virtual/outage_election_test.cc
               ${CMAKE_CURRENT_SOURCE_DIR}/virtual/outage_reference.cc
               ${CMAKE_CURRENT_SOURCE_DIR}/virtual/outage_reference_faults.cc
               ${CMAKE_CURRENT_SOURCE_DIR}/virtual/outage_reference_logs.cc
               ${CMAKE_CURRENT_SOURCE_DIR}/virtual/outage_reference_parts.cc)

# What a paper published, by a cluster: every fit and quorum.
add_test(NAME validate.virtual COMMAND replsim validate --runtime virtual --trials 100000)
set_tests_properties(validate.virtual PROPERTIES LABELS full TIMEOUT 1800)

# The same expectations as live.
foreach(scenario ${scenarios})
  get_filename_component(name ${scenario} NAME_WE)
  add_test(NAME virtual.${name}
           COMMAND replsim run ${scenario} --runtime virtual --quiet
                   --out ${PROJECT_BINARY_DIR}/scenario-runs/virtual)
  set_tests_properties(virtual.${name} PROPERTIES LABELS virtual TIMEOUT 60
                       FIXTURES_SETUP virtual.${name})
endforeach()

# Nothing that matters depends on a clock: p is five seconds ahead and gains, r1 loses.
foreach(scenario ${scenarios})
  get_filename_component(name ${scenario} NAME_WE)
  if(name STREQUAL clock-skew OR name STREQUAL lag-metrics-lie)
    continue()  # what they expect is what clocks show
  endif()
  add_test(NAME clocks.${name}
           COMMAND replsim run ${scenario} --runtime virtual --quiet
                   --out ${PROJECT_BINARY_DIR}/scenario-runs/clocks --set
                   "machine.clocks=[{node: p, offset: 5s, drift: 0.01}, {node: r1, drift: -0.01}]")
  set_tests_properties(clocks.${name} PROPERTIES LABELS virtual TIMEOUT 60)
endforeach()

# Both runtimes of every scenario, as the tests above and scenario.* have just run them.
add_executable(agreement ${CMAKE_CURRENT_SOURCE_DIR}/live/agreement.cc)
target_link_libraries(agreement PRIVATE replsim_options replsim_report)
set_target_properties(agreement PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
foreach(scenario ${scenarios})
  get_filename_component(name ${scenario} NAME_WE)
  set(runs ${PROJECT_BINARY_DIR}/scenario-runs)
  add_test(NAME agreement.${name}
           COMMAND agreement ${runs}/${name}/latest ${runs}/virtual/${name}/latest)
  set_tests_properties(agreement.${name} PROPERTIES LABELS "live;agreement"
                       FIXTURES_REQUIRED "virtual.${name};live.${name}")
endforeach()

# What exploring once found, kept as the smallest scenario that showed it.
file(GLOB regressions CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/virtual/regressions/*.yaml)
foreach(scenario ${regressions})
  get_filename_component(name ${scenario} NAME_WE)
  add_test(NAME regression.${name}
           COMMAND replsim run ${scenario} --runtime virtual --quiet
                   --out ${PROJECT_BINARY_DIR}/scenario-runs/virtual)
  set_tests_properties(regression.${name} PROPERTIES LABELS virtual TIMEOUT 60)
endforeach()
# In these a promotion fails because its node dies, so that the run as a whole is not judged.
foreach(name promoted-as-it-dies started-during-a-promotion-that-failed)
  set_tests_properties(regression.${name} PROPERTIES PASS_REGULAR_EXPRESSION "converged +yes"
                       FAIL_REGULAR_EXPRESSION "VIOLATION")
endforeach()

# The power is lost at every write and flush in turn.
add_test(NAME virtual.every-io
         COMMAND replsim explore ${CMAKE_CURRENT_SOURCE_DIR}/virtual/every-io.yaml
                 --every-io --quiet --vary replication.preset=sync,async,postgres:off,quorum
                 --out ${PROJECT_BINARY_DIR}/scenario-runs)
set_tests_properties(virtual.every-io PROPERTIES LABELS virtual TIMEOUT 60)
