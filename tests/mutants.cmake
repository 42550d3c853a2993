# The programs again, with deliberate mistakes in them (common/base/mutant.h). Only the folders that
# name one are compiled anew: their objects come before the libraries, from which the linker then
# takes nothing that it already has.
# replsim_mutate(TO FOLDER LIBRARY): the objects of the folder that makes LIBRARY, for who links TO.
function(replsim_mutate to folder library)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/version\\.cc$")  # takes a definition of its library
  add_library(${library}_mutated OBJECT ${sources})
  target_compile_definitions(${library}_mutated PRIVATE REPLSIM_MUTANTS)
  target_link_libraries(${library}_mutated PRIVATE ${library})
  target_sources(${to} INTERFACE $<TARGET_OBJECTS:${library}_mutated>)
  target_link_libraries(${to} INTERFACE ${library})
endfunction()
add_library(replsim_mutated INTERFACE)
target_compile_definitions(replsim_mutated INTERFACE REPLSIM_MUTANTS)
replsim_mutate(replsim_mutated common/base replsim_base)
foreach(part file log store)
  replsim_mutate(replsim_mutated common/storage/${part} replsim_storage_${part})
endforeach()
replsim_mutate(replsim_mutated common/feed replsim_feed)
replsim_mutate(replsim_mutated common/election replsim_election)
replsim_mutate(replsim_mutated common/node replsim_node)
replsim_mutate(replsim_mutated primary/core replsim_primary_core)
replsim_mutate(replsim_mutated replica/core replsim_replica_core)
# The simulator's own part, which the programs of the nodes do not have.
add_library(replsim_mutated_cluster INTERFACE)
replsim_mutate(replsim_mutated_cluster simulator/cluster/managed replsim_managed)

# bin/mutants/replsim and, where it looks for them, the programs of its nodes.
function(replsim_mutant_program name source)
  add_executable(${name}-mutant ${PROJECT_SOURCE_DIR}/${source})
  target_link_libraries(${name}-mutant PRIVATE replsim_options replsim_mutated ${ARGN})
  set_target_properties(${name}-mutant PROPERTIES OUTPUT_NAME ${name}
                        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin/mutants)
endfunction()
replsim_mutant_program(replsim simulator/main.cc replsim_mutated_cluster replsim_command)
replsim_mutant_program(replsim-primary primary/main.cc replsim_node_program)
replsim_mutant_program(replsim-replica replica/main.cc replsim_node_program)
add_dependencies(replsim-mutant replsim-primary-mutant replsim-replica-mutant)

# Unit tests with the mistakes in them: of the disk, what the simulated disk does not show; of
# elections, what a drawn run hardly ever shows.
set(mutated log_recovery_test node_test election_test primary_step_down_test
            primary_switchover_test replica_election_test picker_test in_sync_quorum_test)
list(TRANSFORM mutated REPLACE "(.+)" "${CMAKE_CURRENT_SOURCE_DIR}/unit/\\1.cc")
add_executable(mutated_tests ${mutated})
target_link_libraries(mutated_tests PRIVATE replsim_options replsim_mutated replsim_test_support
                      replsim_storage_log replsim_node replsim_primary_core replsim_replica_core
                      GTest::gmock GTest::gtest_main)
target_compile_options(mutated_tests PRIVATE ${test_code})
set_target_properties(mutated_tests PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                                               ${PROJECT_BINARY_DIR}/bin/mutants)

replsim_test(mutants_test mutants LIBS replsim_mutated replsim_mutated_cluster replsim_command)
target_compile_definitions(mutants_test PRIVATE
                           REPLSIM_MUTATED_TESTS="${PROJECT_BINARY_DIR}/bin/mutants/mutated_tests")
add_dependencies(mutants_test mutated_tests)
gtest_discover_tests(mutants_test TEST_PREFIX full. DISCOVERY_MODE PRE_TEST
                     PROPERTIES LABELS full ENVIRONMENT REPLSIM_MUTANT_SEEDS=1000 TIMEOUT 3600)
replsim_test(mutant_live_test live LIBS replsim_explore)
target_compile_definitions(mutant_live_test PRIVATE REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin")
add_dependencies(mutant_live_test replsim replsim-mutant)
foreach(test mutants_test mutant_live_test)
  target_compile_definitions(${test} PRIVATE
                             REPLSIM_MUTANT_SCENARIOS="${CMAKE_CURRENT_SOURCE_DIR}/mutants")
endforeach()
