#include "bot/commands/opening.hpp"

#include <algorithm>
#include <array>

#include "bot/base/text.hpp"

namespace broadsheet::commands {
namespace {

constexpr std::string_view kMarks = "!?.,;:";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_greeting(std::string_view word) {
  constexpr std::array<std::string_view, 7> kGreetings = {"hello", "hi",        "hey",    "hallo",
                                                          "moin",  "greetings", "morning"};
  return is_one_of(kGreetings, word);
}

bool is_thanks(std::string_view word) {
  constexpr std::array<std::string_view, 6> kThanks = {"thanks", "thank", "thx", "ty", "cheers", "danke"};
  return is_one_of(kThanks, word);
}

// Between a greeting and the command.
bool is_polite(std::string_view word) {
  constexpr std::array<std::string_view, 17> kPolite = {"please", "can",  "could", "would", "you",   "i",
                                                        "we",     "want", "need",  "good",  "there", "bot",
                                                        "arxiv",  "and",  "ok",    "okay",  "dear"};
  return is_one_of(kPolite, word);
}

// A mention, a picture, a picture's name as Slack writes it.
bool is_ornament(std::string_view word) {
  bool named = word.size() > 2 && word.front() == ':' && word.back() == ':';
  bool mention = word.size() > 1 && word.front() == '@';
  return named || mention || (word != "?" && std::none_of(word.begin(), word.end(), is_plain));
}

std::string_view without_marks(std::string_view word) {
  while (word.size() > 1 && kMarks.find(word.back()) != std::string_view::npos) word.remove_suffix(1);
  return word;
}

}  // namespace

std::string_view command_word(std::string_view word) {
  while (word.starts_with('/') || word.starts_with('!')) word.remove_prefix(1);
  return without_marks(word.substr(0, word.find('@')));
}

std::string near_text(std::string_view word) {
  std::string out;
  for (const auto& name : near_commands(word)) out += (out.empty() ? "`" : ", `") + name + "`";
  return out;
}

Courtesies drop_courtesies(std::vector<Word>& words) {
  Courtesies out;
  std::size_t n = 0;
  for (; n < words.size() && !words[n].quoted; ++n) {
    auto word = text::lower_ascii(without_marks(words[n].text));
    if (find_command(command_word(words[n].text)) != nullptr) break;
    out.greeting = out.greeting || is_greeting(word);
    out.thanks = out.thanks || is_thanks(word);
    if (!is_greeting(word) && !is_thanks(word) && !is_polite(word) && !is_ornament(words[n].text)) break;
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(n));
  return out;
}

std::string searchable(const std::vector<Word>& words) {
  constexpr std::size_t kMost = 5, kLongest = 60;
  std::string out;
  for (std::size_t i = 0; i < words.size() && i < kMost; ++i) {
    bool letters = std::all_of(words[i].text.begin(), words[i].text.end(),
                               [](char c) { return is_plain(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80; });
    if (!letters || words[i].text.empty() || words[i].text.front() == '-') return {};
    out += (out.empty() ? "" : " ") + words[i].text;
  }
  return out.size() <= kLongest ? out : std::string();
}

}  // namespace broadsheet::commands
