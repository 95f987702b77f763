// The words of a text as everything that compares words sees them: the search index, filters, followed authors and
// citation keys. Pure functions; ICU stays behind text.hpp and this header.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::text {

// The one fold: full case folding, compatibility forms (H₂O as H2O, ﬁ as fi, ℝ as r), no accents, and the usual
// spelling of letters that Unicode does not decompose (ł l, ø o, ß ss, đ d, æ ae, œ oe, ı i). Valid UTF-8.
std::string fold(std::string_view s);

// Reads the folded words of a text, which are its runs of letters and digits. Invalid UTF-8 parts words.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : text_(text) {}
  bool next();
  const std::string& word() const { return word_; }  // valid until the next call
  std::size_t begin() const { return begin_; }       // bytes of the text
  std::size_t end() const { return end_; }

 private:
  bool take();
  void start(std::size_t at);
  std::string_view text_;
  std::string word_;
  std::size_t at_ = 0, begin_ = 0, end_ = 0;
};
std::vector<std::string> index_words(std::string_view s);

// Makes English inflections of a folded word alike: plurals (also LLMs, studies, matrices), -ed, -ing and a final e.
// Steps 1 and 5 of Porter2; derivations (universe, university) stay apart. Words with anything but a-z are left alone.
void stem(std::string& word);
// Shorter stems that words beginning with `begin` can have ("trainin": train), so that a search by beginning in an
// index of stems finds them too.
std::vector<std::string> stems_of_beginning(const std::string& begin);

}  // namespace broadsheet::text
