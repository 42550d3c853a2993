# What users get beside the programs: completions, the manual page, the installed tree, packages.
replsim_test(completion_test unit LIBS replsim_base)
replsim_test(man_page_test unit LIBS replsim_base)
replsim_test(install_test live LIBS replsim_base)
foreach(name completion_test man_page_test install_test)
  target_compile_definitions(${name} PRIVATE REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin"
                                             REPLSIM_BUILD="${PROJECT_BINARY_DIR}")
  add_dependencies(${name} replsim replsim-primary replsim-replica replsim_install_texts)
endforeach()

replsim_test(dev_test live LIBS replsim_base)
target_compile_definitions(dev_test PRIVATE REPLSIM_SOURCE="${PROJECT_SOURCE_DIR}")

# Packs the whole tree, so it takes too long for every ./dev test.
add_executable(package_test ${CMAKE_CURRENT_SOURCE_DIR}/live/package_test.cc)
target_link_libraries(package_test PRIVATE replsim_options replsim_base GTest::gmock
                                           GTest::gtest_main)
target_compile_definitions(package_test PRIVATE REPLSIM_BUILD="${PROJECT_BINARY_DIR}")
set_target_properties(package_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
add_dependencies(package_test replsim replsim-primary replsim-replica replsim_install_texts)
gtest_discover_tests(package_test DISCOVERY_MODE PRE_TEST PROPERTIES LABELS full)
