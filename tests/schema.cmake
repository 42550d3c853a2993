# Debian's python3-jsonschema and python3-yaml. `./dev test` installs them; a build made by hand may
# go without.
find_program(REPLSIM_PYTHON python3)
if(REPLSIM_PYTHON)
  execute_process(COMMAND ${REPLSIM_PYTHON} -c "import jsonschema, yaml"
                  RESULT_VARIABLE missing OUTPUT_QUIET ERROR_QUIET)
endif()
if(NOT REPLSIM_PYTHON OR missing)
  message(STATUS "no python3-jsonschema and python3-yaml: the JSON Schemas are not validated")
  return()
endif()
add_test(NAME schema.validate
         COMMAND ${REPLSIM_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/schema/validate.py
                 $<TARGET_FILE:replsim> ${PROJECT_SOURCE_DIR}/scenarios
                 ${CMAKE_CURRENT_BINARY_DIR}/schema-runs)
set_tests_properties(schema.validate PROPERTIES LABELS virtual TIMEOUT 120)
