foreach(name scenario_loader_test presets_test scenario_check_test scenario_links_test units_test)
  replsim_test(${name} unit LIBS replsim_scenario)
  target_compile_definitions(${name} PRIVATE REPLSIM_SCENARIOS="${PROJECT_SOURCE_DIR}/scenarios")
endforeach()

# clang only: cmake -DCMAKE_CXX_COMPILER=clang++ -DREPLSIM_FUZZ=ON; run scenario_fuzz FOLDER.
option(REPLSIM_FUZZ "Build the fuzz targets" OFF)
if(REPLSIM_FUZZ)
  # The loader is compiled again, so that the fuzzer sees its branches and the unit tests do not
  # pay.
  file(GLOB loader CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/simulator/scenario/*.cc)
  add_executable(scenario_fuzz ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/scenario_fuzz.cc ${loader}
                               ${PROJECT_BINARY_DIR}/gen/scenario_proto_text.cc)
  target_link_libraries(scenario_fuzz PRIVATE replsim_options replsim_metrics replsim_promise
      replsim_protocol replsim_protos yaml-cpp)
  target_compile_options(scenario_fuzz PRIVATE -fsanitize=fuzzer,address,undefined
      -fno-sanitize-recover=all)
  target_link_options(scenario_fuzz PRIVATE -fsanitize=fuzzer,address,undefined)
endif()
