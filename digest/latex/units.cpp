#include "digest/latex/units.hpp"

#include <utility>
#include <vector>

#include "bot/base/text.hpp"
#include "digest/latex/commands.hpp"
#include "digest/latex/scan.hpp"
#include "digest/latex/scripts.hpp"

namespace broadsheet::latex::units {
namespace {

// One unit of the row: "km", then its power.
class UnitRow {
 public:
  UnitRow(std::string_view source, const Maths& maths) : s_(source), maths_(maths) {}

  std::string read() {
    while (i_ < s_.size()) step();
    finish();
    return out_;
  }

 private:
  void step() {
    char c = s_[i_];
    if (c == '\\') return macro();
    if (c == '.' || c == '~' || c == ' ' || c == '*') {
      ++i_;
      return finish();
    }
    if (c == '^') {
      ++i_;
      power_ = argument();
      return;
    }
    if (c == '_') {
      ++i_;
      unit_ += subscript(maths_(argument()));
      return;
    }
    ++i_;
    if (c == '/') {
      finish();
      out_ += '/';
    } else if (c != '{' && c != '}' && c != '$') {
      unit_ += c;
    }
  }

  void macro() {
    auto name = command_name(s_, i_);
    i_ += 1 + name.size();
    const auto* row = find_unit(name);
    if (row == nullptr) {
      if (name == "," || name == ";" || name == " ") return finish();
      unit_ += maths_("\\" + std::string(name));
    } else if (row->arguments == "prefix") {
      finish();
      prefix_ = row->meaning;
    } else if (row->arguments == "power") {
      finish();
      next_power_ = row->meaning == "^" ? argument() : std::string(row->meaning);
    } else if (row->arguments == "after") {
      after(row->meaning);
    } else if (row->meaning == "/") {
      finish();
      per_ = true;
    } else {
      if (!unit_.empty()) finish();
      unit_ = row->meaning;
      power_ = std::exchange(next_power_, {});
    }
  }

  void after(std::string_view meaning) {
    if (meaning == "(")
      unit_ += "(" + std::string(argument()) + ")";
    else
      power_ = meaning == "^" ? argument() : std::string(meaning);
  }

  std::string argument() {
    auto end = skip_group(s_, i_);
    if (end == i_) {
      auto character = first_character(s_.substr(i_));
      i_ += character.size();
      return std::string(character);
    }
    auto out = std::string(s_.substr(i_ + 1, end - i_ - 2));
    i_ = end;
    return out;
  }

  static std::string shown_power(std::string_view power, bool per) {
    if (power == "²" || power == "³") return (per ? "⁻" : "") + std::string(power);
    if (power.empty()) return per ? "⁻¹" : "";
    return superscript((per ? "-" : "") + std::string(power));
  }

  void finish() {
    if (unit_.empty()) return;
    if (!out_.empty() && out_.back() != '/') out_ += ' ';
    out_ += prefix_ + unit_ + shown_power(power_, per_);
    prefix_.clear();
    unit_.clear();
    power_.clear();
    per_ = false;
  }

  std::string_view s_;
  const Maths& maths_;
  std::size_t i_ = 0;
  std::string out_, prefix_, unit_, power_, next_power_;
  bool per_ = false;
};

bool stands_close(std::string_view unit) {
  return unit == "%" || unit == "°" || unit == "′" || unit == "″";
}

std::string with_unit(std::string value, std::string_view unit_source, const Maths& maths) {
  auto shown = unit(unit_source, maths);
  if (shown.empty()) return value;
  if (!value.empty() && !stands_close(shown)) value += ' ';
  return value + shown;
}

}  // namespace

std::string number(std::string_view source, const Maths& maths) {
  source = text::trim(source);
  std::string tex;
  for (std::size_t i = 0; i < source.size(); ++i) {
    char c = source[i];
    bool after_digit = !tex.empty() && (is_digit(tex.back()) || tex.back() == '.');
    bool before_number =
        i + 1 < source.size() && (is_digit(source[i + 1]) || source[i + 1] == '-' || source[i + 1] == '+');
    if (c == '+' && source.substr(i, 2) == "+-") {
      tex += "±";
      ++i;
    } else if ((c == 'e' || c == 'E' || c == 'd' || c == 'D') && before_number && (after_digit || tex.empty())) {
      tex += tex.empty() ? "10^{" : "×10^{";
      while (++i < source.size() && (is_digit(source[i]) || source[i] == '-' || source[i] == '+'))
        if (source[i] != '+') tex += source[i];
      --i;
      tex += '}';
    } else if (c == 'x' && after_digit) {
      tex += "×";
    } else if (c != ' ') {
      tex += c;
    } else if (i > 0 && is_letter(source[i - 1])) {
      tex += c;  // the end of a command's name
    }
  }
  return maths(tex);
}

std::string unit(std::string_view source, const Maths& maths) {
  return UnitRow(text::trim(source), maths).read();
}

std::string quantity(std::string_view value, std::string_view unit_source, const Maths& maths) {
  return with_unit(number(value, maths), unit_source, maths);
}

std::string angle(std::string_view source, const Maths& maths) {
  static constexpr std::string_view kMarks[] = {"°", "′", "″"};
  std::string out;
  std::size_t n = 0;
  for (auto part : text::split(source, ';')) {
    if (n >= std::size(kMarks)) break;
    auto shown = number(part, maths);
    if (!shown.empty()) out += shown + std::string(kMarks[n]);
    ++n;
  }
  return out;
}

std::string range(std::string_view from, std::string_view to, std::string_view unit_source, const Maths& maths) {
  return with_unit(number(from, maths) + "–" + number(to, maths), unit_source, maths);
}

std::string list(std::string_view values, std::string_view unit_source, const Maths& maths) {
  std::string out;
  auto parts = text::split(values, ';');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += number(parts[i], maths);
  }
  return with_unit(std::move(out), unit_source, maths);
}

}  // namespace broadsheet::latex::units
