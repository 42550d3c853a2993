# Tests of common/. One line each; the fuzz targets are built only when asked for.
option(REPLSIM_FUZZ "Build the libFuzzer targets (clang only)" OFF)

replsim_test(input_file_test unit LIBS replsim_file)

foreach(test record_test epoch_history_test log_test log_recovery_test metadata_test file_test
             request_table_test)
  replsim_test(${test} unit LIBS replsim_wal)
endforeach()

foreach(test node_disk_test log_disk_test)
  replsim_test(${test} unit LIBS replsim_disk)
endforeach()

if(REPLSIM_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "REPLSIM_FUZZ needs clang: configure with -DCMAKE_CXX_COMPILER=clang++")
  endif()
  # The code under test is compiled anew: libFuzzer only sees coverage of what it instrumented.
  file(GLOB log_fuzz_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/common/wal/*.cc
       ${PROJECT_SOURCE_DIR}/common/base/*.cc)
  add_executable(log_fuzz fuzz/log_fuzz.cc ${log_fuzz_sources})
  set(log_fuzz_sanitizers -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all)
  target_compile_options(log_fuzz PRIVATE ${log_fuzz_sanitizers})
  target_link_options(log_fuzz PRIVATE ${log_fuzz_sanitizers})
  target_link_libraries(log_fuzz PRIVATE replsim_options xxhash absl::strings absl::status
                        absl::statusor)
  set_target_properties(log_fuzz PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
endif()
