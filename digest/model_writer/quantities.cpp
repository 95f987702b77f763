#include "digest/model_writer/quantities.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"

namespace broadsheet::model_writer {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return c >= 'a' && c <= 'z';  // a Han character beside a number is no part of a name
}

using Pairs = std::pair<std::string_view, std::string_view>;

// What may follow a number, as it is written (folded), and its one name. Longer ones first.
constexpr auto kUnits = std::to_array<Pairs>({{"percentage points", "pp"},
                                              {"percentage point", "pp"},
                                              {"percent points", "pp"},
                                              {"points", "pp"},
                                              {"point", "pp"},
                                              {"pp", "pp"},
                                              {"百分点", "pp"},
                                              {"个百分点", "pp"},
                                              {"percent", "%"},
                                              {"per cent", "%"},
                                              {"prozent", "%"},
                                              {"%", "%"},
                                              {"times", "×"},
                                              {"fold", "×"},
                                              {"倍", "×"},
                                              {"×", "×"},
                                              {"x", "×"},
                                              {"milliseconds", "ms"},
                                              {"ms", "ms"},
                                              {"毫秒", "ms"},
                                              {"seconds", "s"},
                                              {"second", "s"},
                                              {"sec", "s"},
                                              {"秒", "s"},
                                              {"s", "s"},
                                              {"minutes", "min"},
                                              {"minute", "min"},
                                              {"min", "min"},
                                              {"分钟", "min"},
                                              {"hours", "h"},
                                              {"hour", "h"},
                                              {"小时", "h"},
                                              {"h", "h"},
                                              {"days", "d"},
                                              {"day", "d"},
                                              {"天", "d"},
                                              {"weeks", "week"},
                                              {"months", "month"},
                                              {"years", "year"},
                                              {"年", "year"},
                                              {"tb", "TB"},
                                              {"gb", "GB"},
                                              {"mb", "MB"},
                                              {"kb", "KB"},
                                              {"ghz", "GHz"},
                                              {"mhz", "MHz"},
                                              {"khz", "kHz"},
                                              {"hz", "Hz"},
                                              {"fps", "fps"},
                                              {"frames per second", "fps"},
                                              {"db", "dB"},
                                              {"km", "km"},
                                              {"cm", "cm"},
                                              {"mm", "mm"},
                                              {"nm", "nm"},
                                              {"μm", "um"},
                                              {"kg", "kg"},
                                              {"mg", "mg"},
                                              {"meters", "m"},
                                              {"metres", "m"},
                                              {"m", "m"},
                                              {"°c", "°C"},
                                              {"degrees", "°"},
                                              {"°", "°"},
                                              {"mev", "MeV"},
                                              {"gev", "GeV"}});

struct Scale {
  std::string_view written;
  std::size_t zeros;
};
constexpr auto kScales = std::to_array<Scale>({{"thousand", 3},
                                               {"million", 6},
                                               {"billion", 9},
                                               {"trillion", 12},
                                               {"万", 4},
                                               {"億", 8},
                                               {"亿", 8},
                                               {"mio.", 6},
                                               {"millionen", 6},
                                               {"k", 3},
                                               {"m", 6},
                                               {"b", 9},
                                               {"t", 12}});

constexpr auto kWords = std::to_array<Pairs>(
    {{"two", "2"},       {"three", "3"},    {"four", "4"},     {"five", "5"},    {"six", "6"},
     {"seven", "7"},     {"eight", "8"},    {"nine", "9"},     {"ten", "10"},    {"twice", "2"},
     {"double", "2"},    {"doubles", "2"},  {"triple", "3"},   {"triples", "3"}, {"twofold", "2"},
     {"threefold", "3"}, {"fourfold", "4"}, {"tenfold", "10"}, {"half", "0.5"},  {"halves", "0.5"}});

// Whether the word ends where `length` does.
bool ends_there(std::string_view at, std::size_t length) {
  bool sign = static_cast<unsigned char>(at[length - 1]) >= 0x80 || at[length - 1] == '%';
  return sign || at.size() <= length || !(is_letter(at[length]) || is_digit(at[length]));
}

std::string plain(std::string value, std::size_t zeros) {
  auto dot = value.find('.');
  std::string whole = value.substr(0, dot), part = dot == std::string::npos ? std::string() : value.substr(dot + 1);
  for (; zeros > 0; --zeros) {
    whole += part.empty() ? '0' : part.front();
    if (!part.empty()) part.erase(0, 1);
  }
  while (!part.empty() && part.back() == '0') part.pop_back();
  auto first = whole.find_first_not_of('0');
  whole = first == std::string::npos ? "0" : whole.substr(first);
  return part.empty() ? whole : whole + "." + part;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : folded_(text::fold(text)), rest_(folded_) {}

  std::vector<Quantity> scan() {
    while (at_ < rest_.size()) {
      if (is_digit(rest_[at_]))
        number();
      else if (is_letter(rest_[at_]) && (at_ == 0 || !(is_letter(rest_[at_ - 1]) || is_digit(rest_[at_ - 1]))))
        word();
      else
        ++at_;
    }
    inherit();
    return std::move(out_);
  }

 private:
  // "1,234.5": a comma counts between a digit and three digits.
  std::string digits() {
    std::string value;
    for (bool dotted = false; at_ < rest_.size(); ++at_) {
      char c = rest_[at_];
      bool more = at_ + 1 < rest_.size() && is_digit(rest_[at_ + 1]);
      if (is_digit(c))
        value += c;
      else if (c == '.' && more && !dotted)
        dotted = true, value += c;
      else if (!(c == ',' && !dotted && thousands()))
        break;
    }
    return value;
  }
  bool thousands() const {
    for (std::size_t i = 1; i <= 3; ++i)
      if (at_ + i >= rest_.size() || !is_digit(rest_[at_ + i])) return false;
    return at_ + 4 >= rest_.size() || !is_digit(rest_[at_ + 4]);
  }

  void skip_joiner() {
    if (at_ < rest_.size() && (rest_[at_] == ' ' || rest_[at_] == '-')) ++at_;
  }

  void number() {
    bool glued = at_ > 0 && is_letter(rest_[at_ - 1]);
    auto value = digits();
    if (glued) return void(out_.push_back({plain(value, 0), {}}));  // of a name
    auto scaled = plain(value, scale());
    out_.push_back({std::move(scaled), unit()});
    ends_.push_back({out_.size() - 1, at_});
  }

  std::size_t scale() {
    auto kept = at_;
    skip_joiner();
    for (const auto& one : kScales) {
      bool joined = one.written.size() == 1 && kept != at_;  // "5 m" are metres, "5m" may be a million
      if (joined || !rest_.substr(at_).starts_with(one.written) || !ends_there(rest_.substr(at_), one.written.size()))
        continue;
      at_ += one.written.size();
      return one.zeros;
    }
    at_ = kept;
    return 0;
  }

  std::string unit() {
    auto kept = at_;
    skip_joiner();
    auto here = rest_.substr(at_);
    for (const auto& [written, name] : kUnits)
      if (here.starts_with(written) && ends_there(here, written.size())) {
        at_ += written.size();
        return std::string(name);
      }
    at_ = kept;
    return {};
  }

  void word() {
    auto end = at_;
    while (end < rest_.size() && is_letter(rest_[end])) ++end;
    auto word = rest_.substr(at_, end - at_);
    for (const auto& [written, value] : kWords)
      if (word == written) {
        at_ = end;
        out_.push_back({std::string(value), word.ends_with("fold") ? std::string("×") : unit()});
        return;
      }
    at_ = end;
  }

  // "5-10 %": the first has the unit of the second.
  void inherit() {
    for (std::size_t i = 0; i + 1 < ends_.size(); ++i) {
      auto [index, end] = ends_[i];
      auto between = rest_.substr(end, 5);
      bool range = between.starts_with("-") || between.starts_with("–") || between.starts_with(" to ") ||
                   between.starts_with(" – ") || between.starts_with("~");
      if (range && ends_[i + 1].index == index + 1 && out_[index].unit.empty()) out_[index].unit = out_[index + 1].unit;
    }
  }

  struct End {
    std::size_t index, at;
  };
  std::string folded_;
  std::string_view rest_;
  std::size_t at_ = 0;
  std::vector<Quantity> out_;
  std::vector<End> ends_;
};

}  // namespace

std::vector<Quantity> quantities(std::string_view text) {
  return Scanner(text).scan();
}

const Quantity* not_in(const std::vector<Quantity>& text, const std::vector<Quantity>& source) {
  for (const auto& wanted : text)
    if (std::find(source.begin(), source.end(), wanted) == source.end()) return &wanted;
  return nullptr;
}

}  // namespace broadsheet::model_writer
