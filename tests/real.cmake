# Systems behind foreign/system.h: from recorded bytes, and with the servers if they are installed.
replsim_tests(foreign_tests unit LIBS replsim_redis replsim_postgres
              replsim_scenario replsim_analysis
              TESTS redis_test postgres_test postgres_settings_test translation_test
                    partial_evidence_test)

# Every scenario of real systems is a test. It is skipped where a server is missing.
file(GLOB real_scenarios CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scenarios/real/*.yaml)
foreach(scenario ${real_scenarios})
  get_filename_component(name ${scenario} NAME_WE)
  add_test(NAME scenario.${name}
           COMMAND replsim run ${scenario} --quiet --out ${PROJECT_BINARY_DIR}/scenario-runs)
  set_tests_properties(scenario.${name} PROPERTIES LABELS "live;real" TIMEOUT 300
                       SKIP_REGULAR_EXPRESSION "is not installed;built without libpq")
endforeach()
