#include "digest/model_writer/source.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "digest/write/sentences.hpp"

namespace broadsheet::model_writer {
namespace {

std::string joined(const std::string& title, const std::vector<std::string>& sentences) {
  return title + ". " + text::join(sentences, " ");
}

std::string stem_of(std::string word) {
  text::stem(word);
  return word;
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_ascii_word(char c) {
  return is_upper(c) || is_lower(c) || is_digit(c);
}

// A capital inside, or a letter beside a digit: no ordinary word.
bool looks_made(std::string_view part) {
  bool inner = std::any_of(part.begin() + 1, part.end(), is_upper);
  bool letter = std::any_of(part.begin(), part.end(), [](char c) { return is_upper(c) || is_lower(c); });
  bool digit = std::any_of(part.begin(), part.end(), is_digit);
  return inner || (letter && digit);
}

bool is_common(std::string_view part) {
  static const std::set<std::string, std::less<>> kCommon = [] {
    std::set<std::string, std::less<>> out;
    for (const auto& name : phrases("common", "name")) out.insert(name);
    return out;
  }();
  return kCommon.contains(text::fold(part));
}

// Runs of ASCII letters and digits, with where they begin.
class NameReader {
 public:
  explicit NameReader(std::string_view text) : text_(text) {}
  bool next() {
    auto previous_end = end_;
    begin_ = end_;
    while (begin_ < text_.size() && !is_ascii_word(text_[begin_])) ++begin_;
    end_ = begin_;
    while (end_ < text_.size() && is_ascii_word(text_[end_])) ++end_;
    opening_ =
        begin_ == 0 || text_.substr(previous_end, begin_ - previous_end).find_first_of(".?!:") != std::string::npos;
    return begin_ < text_.size();
  }
  std::string_view part() const { return text_.substr(begin_, end_ - begin_); }
  // At the beginning of a sentence, where every word has a capital.
  bool opening() const { return opening_; }

 private:
  std::string_view text_;
  std::size_t begin_ = 0, end_ = 0;
  bool opening_ = true;
};

}  // namespace

Source::Source(std::string title, std::vector<std::string> sentences)
    : title_(std::move(title)),
      sentences_(std::move(sentences)),
      folded_(joined(title_, sentences_)),
      quantities_(model_writer::quantities(joined(title_, sentences_))) {
  for (const auto& word : folded_.words()) {
    words_.insert(word);
    words_.insert(stem_of(word));
    initials_ += word.front();
  }
}

Source Source::of(const Paper& paper) {
  return {paper.title, write::split_sentences(paper.abstract)};
}

std::string Source::cited(const std::vector<std::size_t>& evidence) const {
  std::string out;
  for (auto number : evidence)
    if (number >= 1 && number <= sentences_.size()) out += (out.empty() ? "" : " ") + sentences_[number - 1];
  return out;
}

bool Source::knows(const std::string& word) const {
  if (words_.contains(word) || words_.contains(stem_of(word))) return true;
  bool plural = word.size() > 3 && word.back() == 's';
  auto letters = plural ? word.substr(0, word.size() - 1) : word;
  return letters.size() >= 2 && letters.size() <= 6 && initials_.find(letters) != std::string::npos;
}

std::string unknown_name(std::string_view text, const Source& source, bool capitals_count) {
  for (NameReader reader(text); reader.next();) {
    auto part = reader.part();
    if (std::all_of(part.begin(), part.end(), is_digit) || part.size() < 2) continue;
    bool capital = is_upper(part.front()) && capitals_count && !reader.opening();
    if (!capital && !looks_made(part)) continue;
    if (!is_common(part) && !source.knows(text::fold(part))) return std::string(part);
  }
  return {};
}

}  // namespace broadsheet::model_writer
