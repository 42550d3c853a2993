# The load, the faults, and what only the live runtime needs: threads, sockets, processes.
replsim_tests(workload_tests unit LIBS replsim_run replsim_scenario TESTS
              key_chooser_test operation_mix_test load_generator_test write_attempts_test
              quorum_read_test replica_reads_test session_reads_test fault_schedule_test
              isolate_demote_test run_test delay_test)

# What live and virtual clusters decide alike.
replsim_tests(managed_tests unit LIBS replsim_managed TESTS
              link_timing_test duty_cycle_test client_sites_test convergence_test
              node_actions_test node_config_test node_reports_test primary_epochs_test
              write_backlog_test write_router_test primary_finder_test managed_cluster_test
              promotion_choice_test
              operations_in_flight_test)

# Of the live cluster, these files alone: a test of a relay needs no gRPC.
set(live ${PROJECT_SOURCE_DIR}/simulator/cluster/live)
replsim_test(relay_test unit LIBS replsim_managed asio)
target_sources(relay_test PRIVATE ${live}/relay.cc ${live}/relay_connection.cc
                                  ${live}/relay_pipe.cc)
add_executable(relay_bench ${CMAKE_CURRENT_SOURCE_DIR}/bench/relay_bench.cc ${live}/relay.cc
                           ${live}/relay_connection.cc ${live}/relay_pipe.cc)
target_link_libraries(relay_bench PRIVATE replsim_options replsim_managed asio)
set_target_properties(relay_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
replsim_test(child_process_test unit LIBS replsim_base asio)
target_sources(child_process_test PRIVATE ${live}/child_process.cc ${live}/spawn.cc)
replsim_test(live_scheduler_test unit LIBS replsim_runtime asio)
target_sources(live_scheduler_test PRIVATE ${live}/live_scheduler.cc)

# Of the commands, these files alone.
set(command ${PROJECT_SOURCE_DIR}/simulator/command)
replsim_test(progress_test unit LIBS replsim_run replsim_metrics)
target_sources(progress_test PRIVATE ${command}/progress.cc ${command}/terminal_block.cc)

# What only real processes can show.
foreach(name failpoint_test command_line_test disk_fault_test crossing_faults_test
             calibrate_live_test help_test clean_command_test
             check_command_test)
  replsim_test(${name} live LIBS replsim_report)
  target_compile_definitions(${name} PRIVATE REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin")
  add_dependencies(${name} replsim replsim-primary replsim-replica)
endforeach()

target_compile_definitions(help_test PRIVATE REPLSIM_VERSION="${PROJECT_VERSION}")

# What a person sees, in a real terminal.
find_program(REPLSIM_TMUX tmux)
if(REPLSIM_TMUX)
  replsim_test(terminal_test live LIBS replsim_base)
  target_compile_definitions(terminal_test PRIVATE REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin"
                                                   REPLSIM_TMUX="${REPLSIM_TMUX}")
  add_dependencies(terminal_test replsim replsim-primary replsim-replica)
else()
  message(STATUS "tmux is not installed: no test of the progress display in a terminal")
endif()

# Of what is served while programs run, by a client of the same library.
add_library(replsim_http_client STATIC ${CMAKE_CURRENT_SOURCE_DIR}/live/http_client.cc)
target_link_libraries(replsim_http_client PUBLIC replsim_options cpp-httplib Threads::Threads)
replsim_test(node_metrics_test live LIBS replsim_report replsim_http_client)
target_compile_definitions(node_metrics_test PRIVATE REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin")
add_dependencies(node_metrics_test replsim replsim-primary replsim-replica)
replsim_test(http_server_test live LIBS replsim_http replsim_http_client)
replsim_test(served_metrics_test unit LIBS replsim_command)
replsim_test(live_server_test live LIBS replsim_serve replsim_http_client)
replsim_test(serve_run_test live LIBS replsim_base replsim_http_client)
target_compile_definitions(serve_run_test PRIVATE REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin"
                                             REPLSIM_DOCS="${PROJECT_SOURCE_DIR}/docs")
add_dependencies(serve_run_test replsim replsim-primary replsim-replica)

foreach(name kv_service_test access_test)
  replsim_test(${name} live LIBS replsim_node_program)
endforeach()
foreach(name role_change_live_test confirmed_answer_test)
  replsim_test(${name} live LIBS replsim_services)
  target_compile_definitions(${name} PRIVATE REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin")
  add_dependencies(${name} replsim-primary replsim-replica)
endforeach()
replsim_test(wire_convert_test unit LIBS replsim_rpc)

# Every scenario is a test: its expectations must hold.
file(GLOB scenarios CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scenarios/*.yaml)
foreach(scenario ${scenarios})
  get_filename_component(name ${scenario} NAME_WE)
  add_test(NAME scenario.${name}
           COMMAND replsim run ${scenario} --quiet --out ${PROJECT_BINARY_DIR}/scenario-runs)
  set_tests_properties(scenario.${name} PROPERTIES LABELS live TIMEOUT 180
                       FIXTURES_SETUP live.${name})
endforeach()
