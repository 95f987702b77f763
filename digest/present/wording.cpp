#include "digest/present/wording.hpp"

#include <algorithm>
#include <vector>

#include "bot/base/text.hpp"
#include "digest/latex/authors.hpp"
#include "digest/model/category_names.hpp"

namespace broadsheet::present {

std::string capitalised(std::string s) {
  if (!s.empty() && s[0] >= 'a' && s[0] <= 'z') s[0] = static_cast<char>(s[0] - 'a' + 'A');
  return s;
}

std::string section_label(Role role) {
  switch (role) {
    case Role::objective:
      return "What they did";
    case Role::method:
      return "How";
    case Role::result:
      return "Result";
    case Role::resource:
      return "Resources";
    case Role::limitation:
      return "Limits";
    case Role::background:
      return "Background";
    case Role::other:
      return "Also";
  }
  return {};
}

std::string reasons_text(const Card& card) {
  std::vector<std::string> parts;
  for (const auto& reason : card.why) {
    if (parts.size() == 3) break;
    parts.push_back(reason.text);
  }
  return text::join(parts, " · ");
}

namespace {

std::size_t with_fate(const Digest& digest, Fate fate) {
  return static_cast<std::size_t>(std::count_if(digest.selection.entries.begin(), digest.selection.entries.end(),
                                                [fate](const auto& e) { return e.fate == fate; }));
}

}  // namespace

std::string category_names(const Digest& digest) {
  constexpr std::size_t kMost = 8;
  auto names = short_names(digest.key.categories);
  auto more = names.size() > kMost ? names.size() - kMost + 1 : 0;
  if (more != 0) {
    names.resize(kMost - 1);
    names.push_back(std::to_string(more) + " more");
  }
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return out;
}

// "filtered" is what a reader's own rule dropped; replacements are counted as such, and what else was left out by name.
std::string count_line(const Digest& digest) {
  auto c = digest.counts();
  std::string out = "announced " + std::to_string(c.announced) + " · new " + std::to_string(c.new_papers) +
                    " · cross " + std::to_string(c.cross);
  if (c.replaced != 0) out += " · replaced " + std::to_string(c.replaced);
  out += " · shown " + std::to_string(c.shown) + " · filtered " + std::to_string(with_fate(digest, Fate::filtered)) +
         " · cut " + std::to_string(c.cut);
  for (auto fate : {Fate::withdrawn, Fate::repeated, Fate::duplicate})
    if (auto n = with_fate(digest, fate); n != 0) out += " · " + std::string(to_string(fate)) + " " + std::to_string(n);
  if (digest.listings.empty()) return out;
  const auto& from = digest.listings.front().from;
  auto minute = to_iso(from.fetched).substr(0, 16);
  minute[10] = ' ';
  return out + " · source " + from.source + ", " + minute + " UTC";
}

std::string author_line(const Paper& paper) {
  constexpr std::size_t kShown = 5;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < paper.authors.size() && i < kShown; ++i) names.push_back(paper.authors[i].name);
  auto out = text::join(names, ", ");
  auto unlisted = latex::unlisted_authors(paper.authors_raw);
  auto more = paper.authors.size() - names.size() + unlisted.value_or(0);
  if (more > 0) return out + " and " + std::to_string(more) + " more";
  return unlisted && !out.empty() ? out + " and others" : out;
}

std::string language_of(std::string_view s) {
  std::size_t chinese = 0;
  std::size_t latin = 0;
  for (char ch : s) {
    auto c = static_cast<unsigned char>(ch);
    if (c >= 0xE4 && c <= 0xE9) ++chinese;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) ++latin;
  }
  return chinese * 4 > latin ? "zh" : "en";
}

std::string summary_mark(const ExecutiveSummary& summary) {
  bool by_model = summary.origin == Origin::model_from_abstract || summary.origin == Origin::model_from_full_text;
  return by_model ? "Summary: " + std::string(to_string(summary.origin)) + "." : std::string();
}

}  // namespace broadsheet::present
