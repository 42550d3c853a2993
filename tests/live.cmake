# The load, the faults, and what only the live runtime needs: threads, sockets, processes.
replsim_tests(workload_tests unit LIBS replsim_run replsim_scenario TESTS
              key_chooser_test operation_mix_test load_generator_test write_attempts_test
              quorum_read_test replica_reads_test session_reads_test fault_schedule_test
              isolate_demote_test run_test delay_test)

# What live and virtual clusters decide alike.
replsim_tests(managed_tests unit LIBS replsim_managed TESTS
              link_timing_test duty_cycle_test client_sites_test convergence_test
              node_actions_test node_config_test node_reports_test primary_epochs_test
              write_backlog_test write_router_test primary_finder_test primary_proxy_test
              managed_cluster_test promotion_choice_test operations_in_flight_test)

# Of the live cluster.
replsim_tests(live_parts_tests unit LIBS replsim_live TESTS
              relay_test child_process_test live_scheduler_test wire_convert_test)
replsim_tests(command_tests unit LIBS replsim_command TESTS progress_test served_metrics_test)

add_executable(relay_bench ${CMAKE_CURRENT_SOURCE_DIR}/bench/relay_bench.cc)
target_link_libraries(relay_bench PRIVATE replsim_options replsim_live)
set_target_properties(relay_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)

# Of what is served while programs run, by a client of the same library.
add_library(replsim_http_client STATIC ${CMAKE_CURRENT_SOURCE_DIR}/live/http_client.cc)
target_link_libraries(replsim_http_client PUBLIC replsim_options cpp-httplib Threads::Threads)
target_compile_options(replsim_http_client PRIVATE ${test_code})

# What only real processes can show.
set(live_tests failpoint_test command_line_test disk_fault_test crossing_faults_test
               calibrate_live_test help_test clean_command_test check_command_test
               node_metrics_test serve_run_test role_change_live_test clean_shutdown_live_test
               confirmed_answer_test up_test)
# What a person sees, in a real terminal.
find_program(REPLSIM_TMUX tmux)
if(REPLSIM_TMUX)
  list(APPEND live_tests terminal_test)
else()
  message(STATUS "tmux is not installed: no test of the progress display in a terminal")
endif()
replsim_tests(live_tests live LIBS replsim_report replsim_services replsim_http_client
              TESTS ${live_tests})
target_compile_definitions(live_tests PRIVATE REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin"
                                              REPLSIM_DOCS="${PROJECT_SOURCE_DIR}/docs"
                                              REPLSIM_VERSION="${PROJECT_VERSION}"
                                              REPLSIM_TMUX="${REPLSIM_TMUX}")
add_dependencies(live_tests replsim replsim-primary replsim-replica)
# Servers in the process of the test.
replsim_tests(server_tests live LIBS replsim_node_program replsim_serve replsim_http_client TESTS
              http_server_test live_server_test kv_service_test access_test child_filter_test)

# Every scenario is a test: its expectations must hold.
file(GLOB scenarios CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scenarios/*.yaml)
foreach(scenario ${scenarios})
  get_filename_component(name ${scenario} NAME_WE)
  add_test(NAME scenario.${name}
           COMMAND replsim run ${scenario} --quiet --out ${PROJECT_BINARY_DIR}/scenario-runs)
  set_tests_properties(scenario.${name} PROPERTIES LABELS live TIMEOUT 180
                       FIXTURES_SETUP live.${name})
endforeach()
