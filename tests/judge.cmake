replsim_tests(judge_tests unit LIBS replsim_judge TESTS
              zones_test search_test read_history_test isolation_test
              session_guarantees_test sequential_test bounded_staleness_test
              judge_limits_test)
