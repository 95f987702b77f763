// Firm rules among a reader's interests, each up to a semicolon or the end of its line: "always: QUERY", "never: QUERY"
// in the query language, "follow: NAME, NAME". All else is plain language (interests.hpp). Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet::select {

// The reason why a paper does not match; nothing if it does.
using PaperFilter = std::function<std::optional<std::string>(const Paper&)>;
// Reads a query. Errors: bad_input.
using QueryReader = std::function<Result<PaperFilter>(const std::string& query)>;

struct RuleTexts {
  std::vector<std::string> always, never, follow;
  std::string rest;  // the text without its rules
};
RuleTexts split_rules(std::string_view text);

class Rules {
 public:
  // A rule that `read` does not understand, or for which there is no reader, is left out and told by note().
  Rules(const RuleTexts& texts, const QueryReader& read);
  // The first rule that the paper falls under, as the reader wrote it; empty if none.
  std::string always(const Paper& paper) const { return first(always_, paper); }
  std::string never(const Paper& paper) const { return first(never_, paper); }
  const std::vector<std::string>& followed() const { return followed_; }
  // "always: kelp; following Ada Sample"; empty if there are none.
  std::string in_words() const;
  const std::string& note() const { return note_; }

 private:
  struct Rule {
    std::string text;
    PaperFilter filter;
  };
  static std::string first(const std::vector<Rule>& rules, const Paper& paper);
  void read_all(const std::vector<std::string>& texts, std::string_view name, const QueryReader& read,
                std::vector<Rule>& out);

  std::vector<Rule> always_, never_;
  std::vector<std::string> followed_;
  std::string note_;
};

}  // namespace broadsheet::select
