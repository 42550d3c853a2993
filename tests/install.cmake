# What users get beside the programs: completions, the manual page, the installed tree, packages.
replsim_test(completion_test unit LIBS replsim_base)
replsim_test(man_page_test unit LIBS replsim_base)
replsim_test(install_test live LIBS replsim_base)
foreach(name completion_test man_page_test install_test)
  target_compile_definitions(${name} PRIVATE REPLSIM_BIN="${PROJECT_BINARY_DIR}/bin"
                                             REPLSIM_BUILD="${PROJECT_BINARY_DIR}")
  add_dependencies(${name} replsim replsim-primary replsim-replica replsim_install_texts)
endforeach()
