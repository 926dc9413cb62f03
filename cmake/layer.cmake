# Defines SLUIS_SOURCE_DIR for those of the test files that use it or include a test header that may: elsewhere the path of a clone would
# spoil the compiler cache.
function(sluis_source_dir)
  foreach(file ${ARGN})
    file(STRINGS ${file} uses REGEX "SLUIS_SOURCE_DIR|(_for_test|_testing|test_models)\\.h" LIMIT_COUNT 1)
    if(uses)
      set_source_files_properties(${file} PROPERTIES COMPILE_DEFINITIONS "SLUIS_SOURCE_DIR=\"${CMAKE_SOURCE_DIR}\"")
    endif()
  endforeach()
endfunction()

# One folder of src/ = one static library + one test program.
#
#   sluis_layer(NAME base DEPENDS <layers and libraries> TEST_DEPENDS <more, for the tests>)
#
# *_test.cc files form the test program <name>_test (CTest name <name>), *_bench.cc are left to bench/,
# every other *.cc belongs to the library sluis_<name>. Which layers may include which is checked by
# tools/check_layers.py, not by CMake.
function(sluis_layer)
  cmake_parse_arguments(arg "" "NAME" "DEPENDS;TEST_DEPENDS" ${ARGN})
  file(GLOB all CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "_(test|bench)\\.cc$")
  if(sources)
    add_library(sluis_${arg_NAME} STATIC ${sources})
    target_link_libraries(sluis_${arg_NAME} PUBLIC ${arg_DEPENDS})
  else()
    add_library(sluis_${arg_NAME} INTERFACE)
    target_link_libraries(sluis_${arg_NAME} INTERFACE ${arg_DEPENDS})
  endif()
  if(tests)
    add_executable(${arg_NAME}_test ${tests})
    target_link_libraries(${arg_NAME}_test PRIVATE sluis_${arg_NAME} ${arg_TEST_DEPENDS} GTest::gtest
                                                   GTest::gtest_main Threads::Threads)
    sluis_source_dir(${tests})
    add_test(NAME ${arg_NAME} COMMAND ${arg_NAME}_test)
    set_tests_properties(${arg_NAME} PROPERTIES TIMEOUT 600)
    if(arg_NAME IN_LIST SLUIS_SANITIZED_LAYERS)
      set_tests_properties(${arg_NAME} PROPERTIES LABELS sanitized)
      add_dependencies(sanitized_tests ${arg_NAME}_test)
    endif()
  endif()
endfunction()
