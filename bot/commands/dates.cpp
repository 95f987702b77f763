#include "bot/commands/dates.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "bot/base/text.hpp"

namespace broadsheet::commands {
namespace {

using std::chrono::days;

constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};
constexpr Day kFirstDay = std::chrono::year(1991) / 8 / 14;  // of arXiv
constexpr days kAhead{7};

int digits(std::string_view s) {
  int out = -1;
  if (s.empty() || s.size() > 4) return -1;
  auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), out);
  return ec == std::errc{} && end == s.data() + s.size() ? out : -1;
}

int iso_weekday(Day day) {
  return static_cast<int>(std::chrono::weekday(day).iso_encoding());
}

// "fri", "Friday", "thurs": the newest such day that is not after `latest`.
std::optional<Day> weekday_before(std::string_view word, Day latest) {
  if (word.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < kDays.size(); ++i)
    if (kDays.at(i).starts_with(word)) return latest - days((iso_weekday(latest) - 1 - static_cast<int>(i) + 7) % 7);
  return std::nullopt;
}

std::optional<Day> one_day(std::string_view word, Day today) {
  if (word == "today") return today;
  if (word == "yesterday") return today - days(1);
  if (word == "tomorrow") return today + days(1);
  if (auto day = parse_day(word)) return day;
  return weekday_before(word, today);
}

bool looks_like_a_date(std::string_view word) {
  auto digit = [&](std::size_t i) { return i < word.size() && word[i] >= '0' && word[i] <= '9'; };
  bool year = digit(0) && digit(1) && digit(2) && digit(3) && word.size() > 4 && (word[4] == '-' || word[4] == '/');
  return year || (word.find("..") != std::string_view::npos);
}

DateReading wrong(std::string why) {
  DateReading out;
  out.used = 1;
  out.wrong = true;
  out.why = std::move(why);
  return out;
}

DateReading checked(Day first, Day last, Day today, std::size_t used) {
  if (last < first) std::swap(first, last);
  auto length = (last - first).count() + 1;
  if (length > kLongestRange)
    return wrong("At most " + std::to_string(kLongestRange) + " days, got " + std::to_string(length));
  if (first < kFirstDay) return wrong("arXiv began in August 1991");
  if (last > today + kAhead) return wrong("That day is still to come");
  DateReading out;
  out.used = used;
  out.range = DateRange{first, last};
  return out;
}

DateReading two_words(std::string_view second, Day today) {  // after "last"
  auto monday = today - days(iso_weekday(today) - 1);
  if (second == "week") return checked(monday - days(7), monday - days(3), today, 2);  // its five listing days
  if (auto day = weekday_before(second, today - days(1))) return checked(*day, *day, today, 2);
  return {};
}

}  // namespace

DateReading read_date(std::span<const Word> words, Day today) {
  if (words.empty() || words[0].text.size() > 40) return {};
  auto word = text::lower_ascii(words[0].text);
  if (word == "latest" || word == "newest") {
    DateReading out;
    out.used = 1;
    return out;
  }
  if (word == "last week") return two_words("week", today);
  if (word == "last" && words.size() > 1) return two_words(text::lower_ascii(words[1].text), today);
  if (auto day = one_day(word, today)) return checked(*day, *day, today, 1);
  if (auto n = word.ends_with('d') ? digits(std::string_view(word).substr(0, word.size() - 1)) : -1; n >= 0) {
    if (n == 0) return wrong("At least one day");
    if (n > kLongestRange) return wrong("At most " + std::to_string(kLongestRange) + " days, got " + std::to_string(n));
    return checked(today - days(n - 1), today, today, 1);
  }
  if (auto dots = word.find(".."); dots != std::string::npos) {
    auto second = word.find_first_not_of('.', dots);
    auto first = one_day(word.substr(0, dots), today);
    auto last = second == std::string::npos ? std::nullopt : one_day(word.substr(second), today);
    if (first && last) return checked(*first, *last, today, 1);
  }
  return looks_like_a_date(word) ? wrong("") : DateReading{};
}

}  // namespace broadsheet::commands
