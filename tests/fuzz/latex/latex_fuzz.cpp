// LaTeX from anywhere becomes valid UTF-8 without control characters, whatever it is.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bot/base/text.hpp"
#include "digest/latex/authors.hpp"
#include "digest/latex/display.hpp"

using namespace broadsheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  for (auto mode : {latex::Mode::title, latex::Mode::author, latex::Mode::abstract}) {
    auto shown = latex::to_display(input, mode);
    if (!text::is_valid_utf8(shown)) std::abort();
    for (char c : shown)
      if (static_cast<unsigned char>(c) < 0x20 && (c != '\n' || mode != latex::Mode::abstract)) std::abort();
  }
  for (const auto& author : latex::parse_authors(input))
    if (author.name.empty()) std::abort();
  return 0;
}
