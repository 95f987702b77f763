// Reading the configuration: every problem in one run, with file, line, key, what is wrong and what would be right.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "config/settings.hpp"

namespace broadsheet::config {

struct Problem {
  std::string file;
  unsigned line = 0, column = 0;  // 0: the file as a whole
  std::string key, what;
};
// "broadsheet.toml:3:1: service.listne: unknown key; did you mean \"listen\"?"
std::string to_string(const Problem& problem);

// Where "env:NAME" and "file:PATH" are looked up.
struct Environment {
  std::function<std::optional<std::string>(const std::string&)> variable;
  // Trailing line ends are cut; a file that others may read is an Error.
  std::function<Result<std::string>(const std::string&)> secret_file;
  static Environment system();
};

struct LoadOutcome {
  std::optional<Settings> settings;  // empty when there are problems
  std::vector<Problem> problems;
};

LoadOutcome load_text(std::string_view toml, const std::string& file, const Environment& environment);
LoadOutcome load_file(const std::string& file, const Environment& environment);
// `named`, or the search order of --config; built-in defaults when there is no file.
LoadOutcome load_found(const std::string& named);

}  // namespace broadsheet::config
