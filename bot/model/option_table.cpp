#include "bot/model/option_table.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "bot/base/text.hpp"

namespace broadsheet::model {
namespace {

using Key = OptionKey;
using Kind = OptionKind;
using Outcome = std::optional<OptionFault>;

constexpr std::size_t kLongestZone = 40, kNearZones = 3;  // bytes; names told

constexpr std::array kRows = {
    OptionRow{Key::at, "at", "at", "time when", Kind::time, "", "announce (as soon as arXiv publishes) or 09:00"},
    OptionRow{Key::time_zone, "time_zone", "tz", "zone timezone time_zone", Kind::zone, "",
              "an IANA zone: Europe/Berlin"},
    OptionRow{Key::days, "days", "days", "day on", Kind::days, "", "weekdays, daily, mon,wed,fri or weekly:fri"},
    OptionRow{Key::top, "top", "top", "limit", Kind::number, "1-50", "how many papers are shown"},
    OptionRow{Key::style, "style", "style", "", Kind::choice, "brief|cards|full|titles", "how much of each paper"},
    OptionRow{Key::language, "language", "lang", "language", Kind::language, "", "language of the cards"},
    OptionRow{Key::filter, "filter", "keywords", "filter keyword", Kind::query, "",
              "only papers that match this query"},
    OptionRow{Key::interests, "interests", "interests", "interest", Kind::text, "",
              "what you care about, in your words"},
    OptionRow{Key::empty, "empty", "empty", "", Kind::choice, "notice|silent", "what happens on a day without papers"},
    OptionRow{Key::thread, "thread", "thread", "threads", Kind::choice, "digest|category|off",
              "what goes into a thread"},
    OptionRow{Key::on_unknown, "on_unknown", "on_unknown", "", Kind::choice, "resend-summary|resend|skip",
              "when it cannot be told whether a message arrived"},
};

std::optional<std::size_t> number(std::string_view s) {
  std::size_t out = 0;
  auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), out);
  if (s.empty() || ec != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return out;
}

Outcome set_number(Options& options, const OptionRow& row, std::string_view value) {
  auto dash = row.allowed.find('-');
  auto got = number(value);
  if (!got || *got < *number(row.allowed.substr(0, dash)) || *got > *number(row.allowed.substr(dash + 1)))
    return OptionFault{};
  options.top = got;
  return std::nullopt;
}

Outcome set_choice(Options& options, const OptionRow& row, std::string_view value) {
  auto word = text::lower_ascii(value);
  auto choices = text::split(row.allowed, '|');
  if (std::find(choices.begin(), choices.end(), word) == choices.end())
    return OptionFault{OptionFault::Kind::not_allowed,
                       word.size() > kLongestZone ? "" : text::nearest(word, {choices.begin(), choices.end()})};
  if (row.key == Key::style) options.style = parse_style(word);
  if (row.key == Key::empty) options.empty = parse_empty_policy(word);
  if (row.key == Key::thread) options.thread = parse_thread_policy(word);
  if (row.key == Key::on_unknown) options.on_unknown = parse_unknown_policy(word);
  return std::nullopt;
}

// The place in a zone's name: "los angeles" of "America/Los_Angeles".
std::string place_of(std::string_view zone) {
  auto slash = zone.rfind('/');
  auto out = text::lower_ascii(slash == std::string_view::npos ? zone : zone.substr(slash + 1));
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

// Names at this distance, by the whole name or by the place alone.
std::vector<std::string> zones_near(std::string_view value, std::size_t distance) {
  auto word = text::lower_ascii(value);
  auto place = place_of(value);
  std::vector<std::string> out;
  for (const auto& name : Zone::names())
    if (std::min(text::edit_distance(word, text::lower_ascii(name), distance),
                 text::edit_distance(place, place_of(name), distance)) <= distance)
      out.push_back(name);
  return out;
}

// The whole name in any case, or a place without its continent.
std::optional<std::string> exact_zone(std::string_view value, const std::vector<std::string>& same) {
  auto word = text::lower_ascii(value);
  for (const auto& name : same)
    if (word == text::lower_ascii(name) || word.find('/') == std::string::npos) return name;
  return std::nullopt;
}

Outcome set_zone(Options& options, std::string_view value) {
  OptionFault fault{OptionFault::Kind::unknown_zone, {}};
  if (value.empty() || value.size() > kLongestZone) return fault;
  for (std::size_t distance = 0; distance <= 2 && fault.near.empty(); ++distance) {
    auto near = zones_near(value, distance);
    if (distance == 0)
      if (auto exact = exact_zone(value, near)) {
        options.time_zone = Zone::find(*exact)->name();  // a zone of the list is found
        return std::nullopt;
      }
    near.resize(std::min(near.size(), kNearZones));
    fault.near = text::join(near, ", ");
  }
  return fault;
}

Outcome set_language(Options& options, std::string_view value) {
  auto word = text::lower_ascii(value);
  bool letters = std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!letters || word.size() < 2 || word.size() > 3) return OptionFault{};
  options.language = word;
  return std::nullopt;
}

Outcome set_days(Options& options, std::string_view value) {
  auto days = Days::parse({std::string(value)});
  if (!days) return OptionFault{};
  options.days = *days;
  return std::nullopt;
}

Outcome set_time(Options& options, std::string_view value) {
  auto when = When::parse(value);
  if (!when) return OptionFault{OptionFault::Kind::bad_time, {}};
  options.at = *when;
  return std::nullopt;
}

Outcome set_text(Options& options, const OptionRow& row, std::string_view value) {
  if (value.size() > kLongestOption) return OptionFault{};
  (row.key == Key::filter ? options.filter : options.interests) = std::string(value);
  return std::nullopt;
}

}  // namespace

std::span<const OptionRow> option_rows() {
  return kRows;
}

const OptionRow& row_of(OptionKey key) {
  return kRows.at(static_cast<std::size_t>(key));
}

const OptionRow* find_option_row(std::string_view name) {
  auto folded = text::lower_ascii(name);
  for (const auto& row : kRows) {
    auto others = text::split(row.aliases, ' ');
    if (row.configured == folded || row.name == folded ||
        (!folded.empty() && std::find(others.begin(), others.end(), folded) != others.end()))
      return &row;
  }
  return nullptr;
}

std::optional<OptionFault> set_option(Options& options, const OptionRow& row, std::string_view value) {
  value = text::trim(value);
  switch (row.kind) {
    case Kind::number:
      return set_number(options, row, value);
    case Kind::choice:
      return set_choice(options, row, value);
    case Kind::time:
      return set_time(options, value);
    case Kind::zone:
      return set_zone(options, value);
    case Kind::days:
      return set_days(options, value);
    case Kind::language:
      return set_language(options, value);
    case Kind::query:
    case Kind::text:
      return set_text(options, row, value);
  }
  return std::nullopt;
}

bool is_set(const Options& options, OptionKey key) {
  const std::array<bool, kRows.size()> set = {
      options.at.has_value(),     options.time_zone.has_value(), options.days.has_value(),
      options.top.has_value(),    options.style.has_value(),     options.language.has_value(),
      options.filter.has_value(), options.interests.has_value(), options.empty.has_value(),
      options.thread.has_value(), options.on_unknown.has_value()};
  return set.at(static_cast<std::size_t>(key));
}

Options options_of(const Effective& e) {
  return {e.at,     e.time_zone, e.days,  e.top,    e.style,     e.language,
          e.filter, e.interests, e.empty, e.thread, e.on_unknown};
}

std::string option_text(const Effective& options, OptionKey key) {
  switch (key) {
    case Key::at:
      return options.at.str();
    case Key::time_zone:
      return options.time_zone;
    case Key::days:
      return options.days.str();
    case Key::top:
      return std::to_string(options.top);
    case Key::style:
      return std::string(to_string(options.style));
    case Key::language:
      return options.language;
    case Key::filter:
      return options.filter;
    case Key::interests:
      return options.interests;
    case Key::empty:
      return std::string(to_string(options.empty));
    case Key::thread:
      return std::string(to_string(options.thread));
    case Key::on_unknown:
      return std::string(to_string(options.on_unknown));
  }
  return {};
}

std::string allowed_text(const OptionRow& row) {
  switch (row.kind) {
    case Kind::number: {
      auto dash = row.allowed.find('-');
      return std::string(row.allowed.substr(0, dash)) + " to " + std::string(row.allowed.substr(dash + 1));
    }
    case Kind::choice: {
      auto choices = text::split(row.allowed, '|');
      std::string out;
      for (std::size_t i = 0; i < choices.size(); ++i)
        out += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + std::string(choices[i]);
      return out;
    }
    case Kind::time:
      return "announce, 09:00 or 9am";
    case Kind::zone:
      return "an IANA zone such as Europe/Berlin";
    case Kind::days:
      return "weekdays, daily, mon,wed,fri or weekly:fri";
    case Kind::language:
      return "a language such as en";
    default:
      return "at most " + std::to_string(kLongestOption) + " characters";
  }
}

std::string to_string(const OptionFault& fault, const OptionRow& row, std::string_view value) {
  auto out = "\"" + text::ellipsize(text::make_valid_utf8(value.substr(0, kLongestOption)), 40) + "\" is not " +
             allowed_text(row);
  if (fault.kind == OptionFault::Kind::bad_time)
    out = "\"" + text::ellipsize(value, 20) + "\" is not a time; write announce, 09:00 or 9am";
  if (fault.kind == OptionFault::Kind::unknown_zone)
    out = "unknown time zone \"" + text::ellipsize(value, 40) + "\"; write an IANA name such as Europe/Berlin";
  if (row.kind == Kind::text || row.kind == Kind::query)
    out = "longer than " + std::to_string(kLongestOption) + " characters";
  return fault.near.empty() ? out : out + "; did you mean \"" + fault.near + "\"?";
}

}  // namespace broadsheet::model
