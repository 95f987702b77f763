# broadsheet_library(NAME SOURCES ... USES ...): one static library per layer, which may use only what it names.
# tests/unit/layering reads the #include lines against the same rule.
function(broadsheet_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC broadsheet_flags ${ARG_USES} PRIVATE ${ARG_PRIVATE})
endfunction()

# broadsheet_test(NAME SOURCES ... USES ...): one GoogleTest program, run by ctest.
function(broadsheet_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;USES" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE broadsheet_flags bs_test_platforms ${ARG_USES} GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    BROADSHEET_FIXTURES="${CMAKE_SOURCE_DIR}/tests/fixtures"
    BROADSHEET_SHARED="${CMAKE_SOURCE_DIR}/../shared")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()

# broadsheet_fuzz(NAME SOURCES ... USES ...): a libFuzzer target with its corpus in tests/fuzz/corpus/NAME.
function(broadsheet_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE broadsheet_flags bs_test_platforms ${ARG_USES})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endfunction()
