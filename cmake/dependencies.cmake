# Everything comes from Debian 12 packages; ./dev installs them. Protobuf has no CMake config
# there and must be found, in module mode, before gRPC.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Protobuf 3.21 REQUIRED)
find_package(gRPC 1.51 CONFIG REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 CONFIG REQUIRED)

find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
add_library(xxhash INTERFACE)
target_include_directories(xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
target_compile_definitions(xxhash INTERFACE XXH_INLINE_ALL)

find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
add_library(asio INTERFACE)
target_include_directories(asio SYSTEM INTERFACE ${ASIO_INCLUDE_DIR})
target_compile_definitions(asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
target_link_libraries(asio INTERFACE Threads::Threads)
if("thread" IN_LIST REPLSIM_SANITIZE)
  # The sanitizer does not know fences. Asio's only add to its mutexes.
  target_compile_definitions(asio INTERFACE ASIO_DISABLE_FENCED_BLOCK)
endif()

# The client of PostgreSQL. Without it everything builds, and `system: postgres` says what is
# missing.
option(REPLSIM_WITH_POSTGRES "Use libpq, if it is installed, to run PostgreSQL" ON)
if(REPLSIM_WITH_POSTGRES)
  find_path(LIBPQ_INCLUDE_DIR libpq-fe.h PATH_SUFFIXES postgresql)
  find_library(LIBPQ_LIBRARY pq)
endif()
if(REPLSIM_WITH_POSTGRES AND LIBPQ_INCLUDE_DIR AND LIBPQ_LIBRARY)
  add_library(libpq INTERFACE)
  target_include_directories(libpq SYSTEM INTERFACE ${LIBPQ_INCLUDE_DIR})
  target_link_libraries(libpq INTERFACE ${LIBPQ_LIBRARY})
  target_compile_definitions(libpq INTERFACE REPLSIM_HAS_LIBPQ)
endif()

find_path(LIBURING_INCLUDE_DIR liburing.h REQUIRED)
find_library(LIBURING_LIBRARY uring REQUIRED)
add_library(liburing INTERFACE)
target_include_directories(liburing SYSTEM INTERFACE ${LIBURING_INCLUDE_DIR})
target_link_libraries(liburing INTERFACE ${LIBURING_LIBRARY})

if(REPLSIM_TESTS)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
endif()

# Debian's is compiled with all of its options, which change the layout of its classes.
find_path(HTTPLIB_INCLUDE_DIR httplib.h REQUIRED)
find_library(HTTPLIB_LIBRARY cpp-httplib REQUIRED)
add_library(cpp-httplib INTERFACE)
target_include_directories(cpp-httplib SYSTEM INTERFACE ${HTTPLIB_INCLUDE_DIR})
target_compile_definitions(cpp-httplib INTERFACE CPPHTTPLIB_OPENSSL_SUPPORT CPPHTTPLIB_ZLIB_SUPPORT
                                                 CPPHTTPLIB_BROTLI_SUPPORT)
target_link_libraries(cpp-httplib INTERFACE ${HTTPLIB_LIBRARY})
