# Tests of common/. One line each.
replsim_test(json_test unit LIBS replsim_base)
replsim_test(input_file_test unit LIBS replsim_file)

foreach(test record_test epoch_history_test log_test log_recovery_test metadata_test file_test
             request_table_test)
  replsim_test(${test} unit LIBS replsim_wal)
endforeach()

foreach(test node_disk_test log_disk_test)
  replsim_test(${test} unit LIBS replsim_disk)
endforeach()
