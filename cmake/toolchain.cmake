# Warnings, sanitizers, and the faster linker and compiler cache where the machine has them.
add_library(replsim_options INTERFACE)
target_include_directories(replsim_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(replsim_options INTERFACE
                       -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(replsim_options INTERFACE -Wthread-safety)
endif()

if(REPLSIM_SANITIZE)
  list(JOIN REPLSIM_SANITIZE "," sanitizers)
  add_compile_options(-fsanitize=${sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${sanitizers})
endif()

find_program(REPLSIM_CCACHE ccache)
if(REPLSIM_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${REPLSIM_CCACHE})
endif()

find_program(REPLSIM_LLD ld.lld)
if(REPLSIM_LLD)
  add_link_options(-fuse-ld=lld)
endif()
