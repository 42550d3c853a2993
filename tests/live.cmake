# The load, the faults, and what only the live runtime needs: threads, sockets, processes.
replsim_test(combiner_test unit LIBS replsim_runtime)
replsim_test(key_chooser_test unit LIBS replsim_workload)
replsim_test(load_generator_test unit LIBS replsim_workload replsim_recording)
replsim_test(write_attempts_test unit LIBS replsim_workload replsim_recording)
replsim_test(first_answers_test unit LIBS replsim_workload)
replsim_test(replica_reads_test unit LIBS replsim_workload replsim_recording)
replsim_test(fault_schedule_test unit LIBS replsim_faults)
replsim_test(run_test unit LIBS replsim_run replsim_scenario)
foreach(test delay_test link_timing_test duty_cycle_test client_sides_test)
  replsim_test(${test} unit LIBS replsim_cluster)
endforeach()

# Of the live cluster, these files alone: a test of a relay needs no gRPC.
set(live ${PROJECT_SOURCE_DIR}/simulator/cluster/live)
replsim_test(relay_test unit LIBS replsim_cluster asio)
target_sources(relay_test PRIVATE ${live}/relay.cc ${live}/relay_connection.cc
                                  ${live}/relay_pipe.cc)
add_executable(relay_bench ${CMAKE_CURRENT_SOURCE_DIR}/bench/relay_bench.cc ${live}/relay.cc
                           ${live}/relay_connection.cc ${live}/relay_pipe.cc)
target_link_libraries(relay_bench PRIVATE replsim_options replsim_cluster asio)
set_target_properties(relay_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
replsim_test(child_process_test unit LIBS replsim_base asio)
target_sources(child_process_test PRIVATE ${live}/child_process.cc ${live}/spawn.cc)
replsim_test(live_scheduler_test unit LIBS replsim_runtime asio)
target_sources(live_scheduler_test PRIVATE ${live}/live_scheduler.cc)

# What only real processes can show.
foreach(name failpoint_test command_line_test disk_fault_test crossing_faults_test
             calibrate_live_test)
  replsim_test(${name} live LIBS replsim_report)
  target_compile_definitions(${name} PRIVATE REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin")
  add_dependencies(${name} replsim replsim-primary replsim-replica)
endforeach()

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
  replsim_test(${name} live LIBS replsim_primary_server)
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
