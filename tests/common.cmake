# Tests of common/.
replsim_tests(common_tests unit LIBS replsim_file replsim_storage_disk replsim_storage_store
                                 replsim_test_support TESTS
              json_test input_file_test terminal_text_test record_test epoch_history_test log_test
              log_recovery_test metadata_test
              log_front_test file_test request_table_test node_disk_test
              log_disk_test data_end_test)
