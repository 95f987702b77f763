#include "digest/select/rules.hpp"

#include "bot/base/text.hpp"

namespace broadsheet::select {
namespace {

constexpr std::size_t kMostRules = 32;  // of a kind

// What stands behind one of the names and a colon, or nothing.
std::optional<std::string> after(std::string_view part, std::initializer_list<std::string_view> names) {
  auto colon = part.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto head = text::lower_ascii(text::trim(part.substr(0, colon)));
  for (auto name : names)
    if (head == name) return std::string(text::trim(part.substr(colon + 1)));
  return std::nullopt;
}

void keep(std::vector<std::string>& out, std::string_view text) {
  if (!text.empty() && out.size() < kMostRules) out.emplace_back(text);
}

void take(std::string_view part, RuleTexts& out) {
  if (auto query = after(part, {"always"})) {
    keep(out.always, *query);
  } else if (auto refused = after(part, {"never"})) {
    keep(out.never, *refused);
  } else if (auto names = after(part, {"follow", "following"})) {
    for (auto name : text::split(*names, ',')) keep(out.follow, text::trim(name));
  } else {
    out.rest += std::string(part) + "\n";
  }
}

}  // namespace

RuleTexts split_rules(std::string_view text) {
  RuleTexts out;
  for (auto line : text::split(text, '\n'))
    for (auto part : text::split(line, ';')) take(part, out);
  return out;
}

Rules::Rules(const RuleTexts& texts, const QueryReader& read) : followed_(texts.follow) {
  read_all(texts.always, "always", read, always_);
  read_all(texts.never, "never", read, never_);
}

void Rules::read_all(const std::vector<std::string>& texts, std::string_view name, const QueryReader& read,
                     std::vector<Rule>& out) {
  for (const auto& text : texts) {
    auto filter = read ? read(text) : Result<PaperFilter>(Error(ErrorKind::bad_input, "queries cannot be read here"));
    auto rule = std::string(name) + ": " + text;
    if (filter)
      out.push_back({rule, std::move(*filter)});
    else
      note_ += (note_.empty() ? "" : " ") + ("Your rule “" + rule + "” was left out: " + filter.error().what() + ".");
  }
}

std::string Rules::first(const std::vector<Rule>& rules, const Paper& paper) {
  for (const auto& rule : rules)
    if (!rule.filter || !rule.filter(paper)) return rule.text;
  return {};
}

std::string Rules::in_words() const {
  std::vector<std::string> out;
  for (const auto* rules : {&always_, &never_})
    for (const auto& rule : *rules) out.push_back(rule.text);
  if (!followed_.empty()) out.push_back("following " + text::join(followed_, ", "));
  return text::join(out, "; ");
}

}  // namespace broadsheet::select
