#include "digest/model_writer/wording.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "embedded/model_wording.hpp"

namespace broadsheet::model_writer {
namespace {

bool is_ascii(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](unsigned char c) { return c < 0x80; });
}

std::string folded_phrase(std::string_view phrase) {
  auto out = text::join(text::index_words(phrase), " ");
  return is_ascii(out) ? out : text::fold(phrase);
}

Wording read_row(std::string_view line) {
  auto cells = text::split(line, '\t');
  Wording out{std::string(cells[0]), std::string(cells[1]), {}, {}};
  for (auto phrase : text::split(cells[2], '|')) {
    bool only = phrase.starts_with('~');
    (only ? out.satisfies : out.phrases).push_back(folded_phrase(only ? phrase.substr(1) : phrase));
  }
  return out;
}

}  // namespace

Folded::Folded(std::string_view text) : words_(text::index_words(text)), text_(text::fold(text)) {
  line_ = " ";
  for (const auto& word : words_) line_ += word + " ";
}

bool Folded::has(std::string_view phrase) const {
  if (!is_ascii(phrase)) return text_.find(phrase) != std::string::npos;
  return line_.find(" " + std::string(phrase) + " ") != std::string::npos;
}

bool Folded::begins(std::string_view phrase) const {
  if (!is_ascii(phrase)) return text_.starts_with(phrase);
  return line_.starts_with(" " + std::string(phrase) + " ");
}

const std::vector<Wording>& wordings() {
  static const std::vector<Wording> kAll = [] {
    std::vector<Wording> out;
    for (auto line : text::split(embedded::model_wording, '\n'))
      if (!line.empty() && !line.starts_with('#')) out.push_back(read_row(line));
    return out;
  }();
  return kAll;
}

const std::vector<std::string>& phrases(std::string_view kind, std::string_view name) {
  static const std::vector<std::string> kNone;
  for (const auto& row : wordings())
    if (row.kind == kind && row.name == name) return row.phrases;
  return kNone;
}

bool has_any(const Folded& text, const std::vector<std::string>& phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [&text](const auto& phrase) { return text.has(phrase); });
}

}  // namespace broadsheet::model_writer
