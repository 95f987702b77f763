# broadsheet_embed(TARGET SYMBOL FILE): puts a text file into the program as
# `broadsheet::embedded::SYMBOL` (std::string_view), declared in "embedded/SYMBOL.hpp".
function(broadsheet_embed target symbol file)
  set(dir ${CMAKE_BINARY_DIR}/generated/embedded)
  set(header ${dir}/${symbol}.hpp)
  set(source ${dir}/${symbol}.cpp)
  file(MAKE_DIRECTORY ${dir})
  file(CONFIGURE OUTPUT ${header} CONTENT
"// Made by the build from a text file.
#pragma once

#include <string_view>

namespace broadsheet::embedded {
extern const std::string_view ${symbol};
}
" @ONLY)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DSYMBOL=${symbol} -DINPUT=${file} -DOUTPUT=${source} -P ${CMAKE_SOURCE_DIR}/cmake/EmbedFile.cmake
    DEPENDS ${file} ${CMAKE_SOURCE_DIR}/cmake/EmbedFile.cmake VERBATIM)
  target_sources(${target} PRIVATE ${source})
  target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated)
endfunction()
