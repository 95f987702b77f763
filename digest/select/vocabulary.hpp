// Words as interests and papers are compared by: one key for all inflections, spellings and members of a word family,
// and short forms (LLM) beside what they stand for (large language models). Pure functions; thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::select {

struct Word {
  std::string raw;           // folded
  std::string key;           // what makes two words equal
  std::size_t begin = 0;     // bytes of the text
  std::size_t end = 0;       //
  bool after_break = false;  // a sentence or clause ends before it
  std::string_view whole;    // key of the short form of the phrase that starts here, or empty; static
  std::size_t span = 0;      // words of that phrase
};

// In text order. Two letters, or one, are a word.
std::vector<Word> read_words(std::string_view text);
// What kin.tsv lists for the subjects that stand in these words: phrases by which papers on them also go.
std::vector<std::vector<Word>> kin_of(const std::vector<Word>& words);
// A subject of kin.tsv that a text names, by its own name or its kin, and how often.
struct Mention {
  std::string_view subject;  // as people write it; static
  std::size_t times = 0;
};
std::vector<Mention> subjects_in(const std::vector<Word>& words);
// The key of one folded word: "Robotics" and "robots", "colour" and "color".
std::string key_of(std::string_view folded);

}  // namespace broadsheet::select
