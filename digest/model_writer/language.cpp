#include "digest/model_writer/language.hpp"

#include <algorithm>
#include <string>

#include "bot/base/words.hpp"
#include "digest/latex/scan.hpp"
#include "digest/model_writer/wording.hpp"

namespace broadsheet::model_writer {
namespace {

constexpr std::size_t kShort = 40;  // bytes; below only the script tells
constexpr double kHanShare = 0.3;   // of Han characters and Latin words together
constexpr double kLatinShare = 0.7;

struct Scripts {
  std::size_t han = 0, kana = 0, latin = 0, other = 0;
};

bool is_han(char32_t c) {
  return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x2FFFF);
}
bool is_latin(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7);
}
bool is_letter(char32_t c) {  // of other scripts; signs and Greek, which formulas use, count for nothing
  return (c >= 0x400 && c <= 0x1FFF) || (c >= 0xA000 && c <= 0xD7FF);
}

Scripts scripts(std::string_view text) {
  Scripts out;
  while (!text.empty()) {
    auto c = latex::take_code_point(text);
    if (is_han(c))
      ++out.han;
    else if (c >= 0x3041 && c <= 0x30FF)
      ++out.kana;
    else if (is_latin(c))
      ++out.latin;
    else if (is_letter(c))
      ++out.other;
  }
  return out;
}

bool other_than_latin(const Scripts& s) {
  auto all = s.han + s.kana + s.latin + s.other;
  return all > 0 && static_cast<double>(s.latin) < kLatinShare * static_cast<double>(all);
}

std::size_t small_words(const Folded& folded, std::string_view code) {
  const auto& small = phrases("language", code);
  return static_cast<std::size_t>(std::count_if(folded.words().begin(), folded.words().end(), [&](const auto& word) {
    return std::find(small.begin(), small.end(), word) != small.end();
  }));
}

bool other_by_words(std::string_view text, std::string_view code) {
  Folded folded(text);
  auto own = small_words(folded, code);
  for (const auto& language : kLanguages)
    if (language.code != code && small_words(folded, language.code) > own) return true;
  return false;
}

}  // namespace

const Language* find_language(std::string_view code) {
  auto primary = code.substr(0, code.find('-'));
  const auto* found = std::find_if(kLanguages.begin(), kLanguages.end(),
                                   [primary](const Language& one) { return one.code == primary; });
  return found == kLanguages.end() ? nullptr : found;
}

bool in_other_language(std::string_view text, const Language& language) {
  auto found = scripts(text);
  auto latin_words = static_cast<double>(found.latin) / 5;
  auto han = static_cast<double>(found.han), kana = static_cast<double>(found.kana);
  if (language.code == "zh") return found.kana > 0 || han < kHanShare * (han + latin_words);
  if (language.code == "ja") return found.kana == 0 || han + kana < kHanShare * (han + kana + latin_words);
  if (other_than_latin(found)) return true;
  return text.size() >= kShort && other_by_words(text, language.code);
}

std::size_t word_length(std::string_view text) {
  auto found = scripts(text);
  std::size_t latin = 0;
  for (text::WordReader reader(text); reader.next();)
    if (static_cast<unsigned char>(reader.word().front()) < 0x80) ++latin;
  return latin + (found.han + found.kana + 1) / 2;
}

}  // namespace broadsheet::model_writer
