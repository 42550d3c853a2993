replsim_tests(judge_tests unit LIBS replsim_judge TESTS
              zones_test search_test read_history_test read_history_errors_test write_history_test
              isolation_test session_guarantees_test sequential_test consistent_prefix_test
              bounded_staleness_test judge_limits_test causal_registers_test snapshots_test
              random_transactions_test)

add_executable(judge_bench ${CMAKE_CURRENT_SOURCE_DIR}/bench/judge_bench.cc)
target_link_libraries(judge_bench PRIVATE replsim_options replsim_judge)
set_target_properties(judge_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
