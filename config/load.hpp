// Reading the configuration: every problem in one run, with file, line, key, what is wrong and what would be right.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "config/settings.hpp"

namespace broadsheet::config {

enum class Weight : std::uint8_t {
  wrong,    // nothing runs with it
  secret,   // a secret that is not to be had: what needs none runs
  useless,  // understood, and can never have an effect: the service runs beside it and says so
};

struct Problem {
  std::string file;
  unsigned line = 0, column = 0;  // 0: the file as a whole
  std::string key, what;
  Weight weight = Weight::wrong;
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

struct Place {
  unsigned line = 0, column = 0;
};

struct LoadOutcome {
  std::optional<Settings> settings;  // empty when a problem is `wrong`; missing secrets are empty
  std::vector<Problem> problems;
  std::string file;                    // empty: built-in defaults
  std::map<std::string, Place> where;  // of keys: "arxiv.contact", "subscription[2].filter", "subscription[2]", "arxiv"

  // Adds what somebody else found: at the key's line, else at its section's. A `wrong` one takes the settings away.
  void add(const std::string& key, std::string what, Weight weight);
  bool has(Weight weight) const;
};

LoadOutcome load_text(std::string_view toml, const std::string& file, const Environment& environment);
LoadOutcome load_file(const std::string& file, const Environment& environment);
// `named`, or the search order of --config; built-in defaults when there is no file.
LoadOutcome load_found(const std::string& named);

}  // namespace broadsheet::config
