#include "bot/store/facets.hpp"

#include <algorithm>
#include <array>

#include "bot/base/text.hpp"
#include "digest/model/category.hpp"

namespace broadsheet::store {
namespace {

using std::chrono::year_month_day;

std::string digits(unsigned n) {
  return std::to_string(100 + n).substr(1);
}
std::string year_text(year_month_day d) {
  return std::to_string(static_cast<int>(d.year()));
}
std::string decade(year_month_day d) {
  return "t:" + year_text(d).substr(0, 3);
}
std::string year(year_month_day d) {
  return "y:" + year_text(d);
}
std::string month(year_month_day d) {
  return "m:" + year_text(d) + digits(static_cast<unsigned>(d.month()));
}
std::string day(year_month_day d) {
  return "d:" + month(d).substr(2) + digits(static_cast<unsigned>(d.day()));
}

// Looks at dots only, of which a text has few.
bool names_code_host(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::size_t>, 4> kHosts{
      {{"github.com/", 6}, {"gitlab.com/", 6}, {"huggingface.co/", 11}, {"codeberg.org/", 8}}};  // where the dot is
  for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1))
    for (auto [host, before] : kHosts)
      if (dot >= before && text::lower_ascii(text.substr(dot, 2)) == host.substr(before, 2) &&
          text::lower_ascii(text.substr(dot - before, host.size())) == host)
        return true;
  return false;
}

bool has_code(const Paper& paper) {
  return names_code_host(paper.abstract) || names_code_host(paper.comment) ||
         (paper.abstract_raw != paper.abstract && names_code_host(paper.abstract_raw));
}

std::string archive_of(const std::string& code) {
  auto category = Category::parse(code);
  const auto* info = category ? category_info(*category) : nullptr;
  return info != nullptr ? info->archive : code.substr(0, code.find('.'));
}

// The archives that a name covers: itself and those of its group.
std::vector<std::string> archives_of(const std::string& name) {
  std::vector<std::string> out;
  if (is_archive(name)) out.push_back(name);
  for (const auto& info : all_categories())
    if (info.group == name && std::find(out.begin(), out.end(), info.archive) == out.end()) out.push_back(info.archive);
  return out;
}

std::string category_name(std::string_view typed) {
  auto word = text::lower_ascii(text::trim(typed));
  if (is_archive(word) || !archives_of(word).empty()) return word;
  if (auto exact = Category::parse(word)) return exact->str();
  auto found = parse_category_words(word);
  return found.size() == 1 ? found.front().str() : std::string();
}

}  // namespace

std::string category_names(std::string_view typed) {
  std::vector<std::string> names;
  for (auto one : text::split(typed, ',')) {
    auto name = category_name(one);
    if (name.empty()) return {};
    names.push_back(std::move(name));
  }
  return text::join(names, ",");
}

std::vector<std::string> facets_of(const Paper& paper) {
  std::vector<std::string> out;
  for (const auto& code : paper.categories) {
    auto category = Category::parse(code);
    auto now = category ? category->canonical().str() : code;
    out.insert(out.end(), {"c:" + now, "a:" + archive_of(code), "a:" + archive_of(now)});
  }
  year_month_day d(day_of(paper));
  out.insert(out.end(), {decade(d), year(d), month(d), day(d)});
  if (has_code(paper)) out.emplace_back(kHasCode);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::string> facets_wanted(const Term& term) {
  if (term.field == Field::has_code) return {std::string(kHasCode)};
  std::vector<std::string> out;
  for (auto view : text::split(term.text, ',')) {
    std::string name(view);
    for (const auto& archive : archives_of(name)) out.push_back("a:" + archive);
    auto category = Category::parse(name);
    if (!category) continue;
    out.push_back("c:" + category->canonical().str());
    if (const auto* info = category_info(*category); !info->subsumed_by.empty())
      out.push_back("c:" + info->subsumed_by);
  }
  return out;
}

// Goes on with the longest span that begins here and ends in time.
std::vector<std::string> facets_of_days(Day first, Day last) {
  using namespace std::chrono;
  std::vector<std::string> out;
  for (Day at = first; at <= last;) {
    year_month_day d(at);
    Day next_month = d.year() / d.month() / 1 + months(1), next_year = (d.year() + years(1)) / 1 / 1;
    Day next_decade = (d.year() + years(10)) / 1 / 1;
    bool whole_month = d.day() == std::chrono::day(1), whole_year = whole_month && d.month() == January;
    if (whole_year && static_cast<int>(d.year()) % 10 == 0 && next_decade - days(1) <= last) {
      out.push_back(decade(d)), at = next_decade;
    } else if (whole_year && next_year - days(1) <= last) {
      out.push_back(year(d)), at = next_year;
    } else if (whole_month && next_month - days(1) <= last) {
      out.push_back(month(d)), at = next_month;
    } else {
      out.push_back(day(d)), at += days(1);
    }
  }
  return out;
}

}  // namespace broadsheet::store
