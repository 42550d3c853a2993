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
  # With sanitizers GCC warns of variants that it believes uninitialized (its manual says so).
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
if("thread" IN_LIST REPLSIM_SANITIZE)
  # Headers of protobuf and absl that see this macro lay out classes differently from Debian's
  # libraries. Those of the standard library need to know.
  add_compile_options(-U__SANITIZE_THREAD__ -D_GLIBCXX_TSAN=1)
  add_library(replsim_third_party_order OBJECT tests/sanitize/third_party_order.cc)
  target_compile_options(replsim_third_party_order PRIVATE -fno-sanitize=thread)
  set(is_program $<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>)
  target_sources(replsim_options INTERFACE
                 $<${is_program}:$<TARGET_OBJECTS:replsim_third_party_order>>)
endif()

# A unit includes its files by absolute paths. With this, __FILE__ is the same in every clone, and
# clones share compiled objects.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

find_program(REPLSIM_CCACHE ccache)
if(REPLSIM_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${REPLSIM_CCACHE})
endif()

find_program(REPLSIM_LLD ld.lld)
if(REPLSIM_LLD)
  add_link_options(-fuse-ld=lld)
endif()
