#include "digest/write/role_features.hpp"

#include <algorithm>

namespace broadsheet::write {
namespace {

constexpr std::size_t kMostTokens = 150;
constexpr std::size_t kLongestToken = 24;  // bytes

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c) || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

void cut_to_characters(std::string& word) {
  if (word.size() <= kLongestToken) return;
  std::size_t end = kLongestToken;
  while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xC0U) == 0x80U) --end;
  word.resize(end);
}

void sort_once(Features& features) {
  std::sort(features.begin(), features.end());
  features.erase(std::unique(features.begin(), features.end()), features.end());
}

void add_words(Features& out, const std::vector<std::string>& words, std::size_t start) {
  for (std::size_t i = start; i < words.size(); ++i) {
    out.push_back(FeatureHash("u ").add(words[i]).value());
    if (i + 1 < words.size()) out.push_back(FeatureHash("b ").add(words[i]).add(" ").add(words[i + 1]).value());
  }
}

void add_place(Features& out, const std::vector<std::string>& words, std::size_t index, std::size_t count) {
  auto add = [&out](std::string_view kind, std::size_t n) {
    out.push_back(FeatureHash(kind).add(std::to_string(n)).value());
  };
  out.push_back(FeatureHash("1").value());
  add("p ", index * 10 / count);
  add("s ", std::min<std::size_t>(index, 6));
  add("e ", std::min<std::size_t>(count - 1 - index, 5));
  add("n ", std::min<std::size_t>(count, 12));
  add("l ", std::min<std::size_t>(words.size() / 5, 8));
  out.push_back(FeatureHash("sn ")
                    .add(std::to_string(std::min<std::size_t>(index, 5)))
                    .add("/")
                    .add(std::to_string(std::min<std::size_t>(count, 9)))
                    .value());
  if (count < 2 || words.empty()) return;
  auto start = FeatureHash(index == 0 ? "q a " : index + 1 == count ? "q z " : "q m ").add(words[0]);
  out.push_back(words.size() < 2 ? start.value() : start.add(" ").add(words[1]).value());
}

}  // namespace

std::vector<std::string> role_tokens(std::string_view sentence) {
  std::vector<std::string> out;
  std::string word;
  auto finish = [&out, &word] {
    if (word.empty()) return;
    cut_to_characters(word);
    out.push_back(is_digit(word[0]) ? "#" : word);
    word.clear();
  };
  for (char c : sentence) {
    if (out.size() >= kMostTokens) return out;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (is_word_byte(c)) {
      if (word.size() <= kLongestToken) word += c;
      continue;
    }
    finish();
    if (out.size() < kMostTokens && (c == '%' || c == '?' || c == ':' || c == '(')) out.emplace_back(1, c);
  }
  if (out.size() < kMostTokens) finish();
  return out;
}

Features word_features(const std::vector<std::string>& words, std::size_t start) {
  Features out;
  add_words(out, words, start);
  sort_once(out);
  return out;
}

Features opening_features(const std::vector<std::string>& words) {
  constexpr std::size_t kOpening = 3;
  Features out;
  FeatureHash opening("f");
  for (std::size_t i = 0; i < std::min(words.size(), kOpening); ++i)
    out.push_back(opening.add(" ").add(words[i]).value());
  return out;
}

Features role_features(const std::vector<std::string>& words, std::size_t index, std::size_t count) {
  auto out = opening_features(words);
  add_words(out, words, 0);
  add_place(out, words, index, count);
  sort_once(out);
  return out;
}

}  // namespace broadsheet::write
