# Exploring, with trials that cost nothing.
replsim_tests(explore_tests unit LIBS replsim_explore TESTS
              explore_test explore_draw_test explore_promise_test guarantee_promise_test
              readers_promise_test explore_shrink_test explore_workers_test)
target_compile_definitions(explore_tests PRIVATE REPLSIM_DOCS="${PROJECT_SOURCE_DIR}/docs")
replsim_tests(choose_tests unit LIBS replsim_choose TESTS
              choose_test choose_report_test choose_config_test)
