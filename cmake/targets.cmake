# One folder is one library: replsim_library(log DEPS base xxhash) makes `replsim_log` of the .cc
# files beside the CMakeLists.txt that calls it (or of those in DIR). COLD: what runs once in a run,
# such as reading a scenario, and is optimised less (-Og): that saves a quarter of its compile time.
# ROOMS: folders below it that are compiled with it, as one unit.
function(replsim_library name)
  cmake_parse_arguments(ARG "COLD" "DIR" "DEPS;ROOMS" ${ARGN})
  if(NOT ARG_DIR)
    set(ARG_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${ARG_DIR}/*.cc)
  foreach(room ${ARG_ROOMS})
    file(GLOB in_room CONFIGURE_DEPENDS ${ARG_DIR}/${room}/*.cc)
    list(APPEND sources ${in_room})
  endforeach()
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  if(sources)
    add_library(replsim_${name} STATIC ${sources})
    target_link_libraries(replsim_${name} PUBLIC replsim_options ${ARG_DEPS})
    if(ARG_COLD)
      target_compile_options(replsim_${name} PRIVATE $<$<CONFIG:Release>:-Og>)
    endif()
  else()
    add_library(replsim_${name} INTERFACE)
    target_link_libraries(replsim_${name} INTERFACE replsim_options ${ARG_DEPS})
  endif()
endfunction()

function(replsim_program name source)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE replsim_options ${ARGN})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# The files that a .proto file reads: itself, what it imports, and so on.
function(replsim_proto_inputs proto result)
  set(inputs ${PROJECT_SOURCE_DIR}/${proto})
  file(STRINGS ${PROJECT_SOURCE_DIR}/${proto} imports REGEX "^import \"protos/")
  foreach(import ${imports})
    string(REGEX REPLACE "^import \"(.*)\".*$" "\\1" imported "${import}")
    replsim_proto_inputs(${imported} more)
    list(APPEND inputs ${more})
  endforeach()
  list(REMOVE_DUPLICATES inputs)
  set(${result} ${inputs} PARENT_SCOPE)
endfunction()

# Messages and services are two libraries: code that needs only messages never sees gRPC, and a file
# without a service costs no gRPC header. replsim_protos(MESSAGES file… COLD file… SERVICES file…);
# COLD: as of a library.
function(replsim_protos)
  cmake_parse_arguments(ARG "" "" "MESSAGES;COLD;SERVICES" ${ARGN})
  set(out ${PROJECT_BINARY_DIR}/gen)
  file(MAKE_DIRECTORY ${out})
  set(protos ${ARG_MESSAGES} ${ARG_COLD} ${ARG_SERVICES})
  list(REMOVE_DUPLICATES protos)  # those that are cold and have a service
  foreach(proto ${protos})
    # Read when configuring, so configured again when a file imports another one.
    replsim_proto_inputs(${proto} inputs)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${inputs})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    set(outputs ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
    set(grpc "")
    list(APPEND messages ${out}/${stem}.pb.cc)
    if(proto IN_LIST ARG_COLD)
      set_source_files_properties(${out}/${stem}.pb.cc PROPERTIES COMPILE_OPTIONS
                                                                  "$<$<CONFIG:Release>:-Og>")
    endif()
    if(proto IN_LIST ARG_SERVICES)
      list(APPEND outputs ${out}/${stem}.grpc.pb.cc ${out}/${stem}.grpc.pb.h)
      list(APPEND services ${out}/${stem}.grpc.pb.cc)
      set(grpc --grpc_out=${out} --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
    endif()
    add_custom_command(
      OUTPUT ${outputs}
      COMMAND protobuf::protoc --proto_path=${PROJECT_SOURCE_DIR} --cpp_out=${out} ${grpc} ${proto}
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
      DEPENDS ${inputs} protobuf::protoc gRPC::grpc_cpp_plugin VERBATIM)
  endforeach()
  add_library(replsim_protos STATIC ${messages})
  set_target_properties(replsim_protos PROPERTIES UNITY_BUILD OFF)  # generated: names collide
  target_include_directories(replsim_protos SYSTEM PUBLIC ${out})
  target_link_libraries(replsim_protos PUBLIC protobuf::libprotobuf)
  add_library(replsim_services STATIC ${services})
  target_link_libraries(replsim_services PUBLIC replsim_protos gRPC::grpc++)
  # Calls of gRPC and nothing else.
  target_compile_options(replsim_services PRIVATE $<$<CONFIG:Release>:-Og>)
endfunction()

# Puts files into a library as C strings: replsim_embed(page assets page/assets.h kCss a.css) makes
# gen/assets.cc, which defines what the header declares.
function(replsim_embed library name header)
  set(code "#include \"${header}\"\nnamespace replsim {\n")
  while(ARGN)
    list(POP_FRONT ARGN symbol file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(APPEND code "const char ${symbol}[] = R\"embedded(${text})embedded\";\n")
  endwhile()
  string(APPEND code "}  // namespace replsim\n")
  set(out ${PROJECT_BINARY_DIR}/gen/${name}.cc)
  file(WRITE ${out}.new "${code}")
  configure_file(${out}.new ${out} COPYONLY)
  target_sources(replsim_${library} PRIVATE ${out})
endfunction()
