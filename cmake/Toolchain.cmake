# Compiler rules that hold for every target. docs/decisions/compiler.md says why g++ 12 is refused.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR "g++ ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines (double frees in co_await expressions). "
                      "Use clang 19: cmake --preset release")
endif()
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(BROADSHEET_CCACHE ccache)
if(BROADSHEET_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths relative to the tree, so that two checkouts share the cache; PCH needs the sloppiness.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${BROADSHEET_CCACHE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  find_program(BROADSHEET_LLD NAMES ld.lld-19 ld.lld)
  if(BROADSHEET_LLD)
    add_link_options(-fuse-ld=${BROADSHEET_LLD})
  endif()
endif()

add_library(broadsheet_flags INTERFACE)
target_include_directories(broadsheet_flags INTERFACE ${CMAKE_SOURCE_DIR})
# libstdc++ 12's stable_sort uses a function that clang 19 knows as deprecated: -Wno-deprecated-declarations.
target_compile_options(broadsheet_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wunused-result
  -Wno-missing-field-initializers -Wno-missing-designated-field-initializers -Wno-deprecated-declarations)
# Debug information that is enough for a stack trace and keeps objects small.
target_compile_options(broadsheet_flags INTERFACE $<$<CONFIG:Debug>:-g1> $<$<CONFIG:RelWithDebInfo>:-g1>)
target_compile_definitions(broadsheet_flags INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  TOML_HEADER_ONLY=0)
if(BROADSHEET_SANITIZE)
  add_compile_options(-fsanitize=${BROADSHEET_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${BROADSHEET_SANITIZE})
  if(BROADSHEET_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
if(BROADSHEET_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(BROADSHEET_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
