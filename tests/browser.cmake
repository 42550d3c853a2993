# Pages in a real browser: Debian's Chromium, driven by playwright-core, which npm puts beside the
# build. Where one of the three is missing, ./dev test has said so and installed it; a build made by
# hand goes without.
find_program(REPLSIM_CHROMIUM chromium)
find_program(REPLSIM_NODE node)
find_program(REPLSIM_NPM npm)
if(NOT REPLSIM_CHROMIUM OR NOT REPLSIM_NODE OR NOT REPLSIM_NPM)
  message(STATUS "no chromium, node and npm: pages are not tested in a browser")
  return()
endif()
set(browser ${PROJECT_BINARY_DIR}/browser)
foreach(file package.json package-lock.json .npmrc)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/browser/${file} ${browser}/${file} COPYONLY)
endforeach()
add_test(NAME browser.install COMMAND ${REPLSIM_NPM} ci --silent WORKING_DIRECTORY ${browser})
set_tests_properties(browser.install PROPERTIES FIXTURES_SETUP browser LABELS browser)

foreach(name report_page compare_page lag_lab live_page check_page replay play)
  add_test(NAME browser.${name}
           COMMAND ${REPLSIM_NODE} --test ${CMAKE_CURRENT_SOURCE_DIR}/browser/${name}.test.js)
  set_tests_properties(
    browser.${name} PROPERTIES FIXTURES_REQUIRED browser LABELS browser TIMEOUT 180 ENVIRONMENT
    "REPLSIM=${PROJECT_BINARY_DIR}/bin/replsim;REPLSIM_SCENARIOS=${PROJECT_SOURCE_DIR}/scenarios;\
REPLSIM_NODE_MODULES=${browser};CHROMIUM=${REPLSIM_CHROMIUM}")
endforeach()
