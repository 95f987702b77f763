// A configuration is good, or every problem has a sentence; a secret never shows.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/load.hpp"
#include "config/show.hpp"

using namespace broadsheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string kCanary = "canary-5f1d";
  config::Environment environment{[](const std::string&) { return std::optional<std::string>(kCanary); },
                                  [](const std::string&) { return Result<std::string>(kCanary); }};
  std::string_view input(reinterpret_cast<const char*>(data), size);
  auto outcome = config::load_text(input, "fuzz.toml", environment);
  if (outcome.settings.has_value() != outcome.problems.empty()) std::abort();
  for (const auto& problem : outcome.problems)
    if (problem.what.empty()) std::abort();
  return 0;
}
