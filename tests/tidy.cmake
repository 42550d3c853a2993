# The house rules over the whole tree, and the rules over samples that break them.
file(GLOB tidy_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tidy/*.cc)
add_executable(replsim_tidy ${tidy_sources})
target_link_libraries(replsim_tidy PRIVATE replsim_options)
set_target_properties(replsim_tidy PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
add_test(NAME tidy COMMAND replsim_tidy ${PROJECT_SOURCE_DIR})
add_test(NAME tidy_self_test COMMAND replsim_tidy --self-test)
set_tests_properties(tidy tidy_self_test PROPERTIES LABELS tidy)
