# Each fault bites, and heals: in virtual time and with real processes, to the same expectations.
file(GLOB faults CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/faults/*.yaml)
foreach(scenario ${faults})
  get_filename_component(name ${scenario} NAME_WE)
  set(out ${PROJECT_BINARY_DIR}/scenario-runs/faults)
  add_test(NAME fault.virtual.${name}
           COMMAND replsim run ${scenario} --runtime virtual --quiet --out ${out}/virtual)
  set_tests_properties(fault.virtual.${name} PROPERTIES LABELS virtual TIMEOUT 60)
  add_test(NAME fault.live.${name} COMMAND replsim run ${scenario} --quiet --out ${out}/live)
  set_tests_properties(fault.live.${name} PROPERTIES LABELS live TIMEOUT 120)
endforeach()
