foreach(name scenario_loader_test presets_test scenario_check_test scenario_links_test
             scenario_between_test units_test)
  replsim_test(${name} unit LIBS replsim_scenario)
  target_compile_definitions(${name} PRIVATE REPLSIM_SCENARIOS="${PROJECT_SOURCE_DIR}/scenarios")
endforeach()
