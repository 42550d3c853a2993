replsim_tests(scenario_tests unit LIBS replsim_scenario replsim_schema TESTS
              fault_kind_test scenario_loader_test presets_test scenario_check_test
              check_transactions_test scenario_elections_test scenario_failover_test
              scenario_in_sync_test
              scenario_links_test scenario_between_test units_test find_primary_test
              json_schema_test real_system_test)
target_compile_definitions(scenario_tests PRIVATE
                           REPLSIM_SCENARIOS="${PROJECT_SOURCE_DIR}/scenarios")
