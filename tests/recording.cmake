replsim_tests(analysis_tests unit LIBS replsim_analysis replsim_oracle replsim_scenario TESTS
              histogram_test samples_test step_function_test median_test mann_whitney_test
              history_test run_folder_test fates_test applied_twice_test lag_test lag_lab_test
              io_test consistency_test judged_changes_test judged_transactions_test
              log_order_test guarantee_order_test witness_picture_test
              availability_test elections_test expectations_test verdict_test
              host_notes_test forgotten_epochs_test oracle_test oracle_election_test
              picked_primary_test
              repeats_test compare_runs_test
              threshold_test timeline_test replay_test critical_path_test event_text_test
              phases_test
              throughput_test primary_states_test damaged_recording_test)
replsim_tests(report_tests unit TESTS
              metrics_test text_report_test report_file_test compare_text_test markdown_test
              junit_test report_page_test explore_page_test verdict_sentence_test
              witness_drawing_test
              wars_test closed_forms_test lesson_test
              validation_test
              held_samples_test none_eligible_test toy_cluster_test
              LIBS replsim_page replsim_tour replsim_theory replsim_calibrate replsim_run
                   replsim_scenario)
