#include "digest/present/key_findings.hpp"

#include "bot/base/text.hpp"

namespace broadsheet::present {
namespace {

constexpr std::string_view kCues[] = {"we propose",  "we present",       "we introduce", "we develop", "we demonstrate",
                                      "we achieve",  "we show",          "our approach", "our method", "results show",
                                      "outperforms", "state-of-the-art", "contribution", "novel",      "new"};

bool is_white(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Counted back from the white space at `at`.
bool is_boundary(std::string_view s, std::size_t at) {
  auto back = [s, at](std::size_t n) { return n <= at ? s[at - n] : '\0'; };
  if (back(1) != '.' && back(1) != '?') return false;
  bool dotted = at >= 4 && is_word(back(4)) && back(3) == '.' && is_word(back(2));
  bool title_like = at >= 3 && back(3) >= 'A' && back(3) <= 'Z' && back(2) >= 'a' && back(2) <= 'z' && back(1) == '.';
  return !dotted && !title_like;
}

}  // namespace

std::vector<std::string> key_findings_compat(std::string_view s) {
  std::vector<std::string> sentences;
  std::size_t from = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (!is_white(s[i]) || !is_boundary(s, i)) continue;
    sentences.emplace_back(s.substr(from, i - from));
    from = i + 1;
  }
  sentences.emplace_back(s.substr(from));
  std::vector<std::string> out;
  for (const auto& sentence : sentences) {
    auto folded = text::lower_ascii(sentence);
    for (auto cue : kCues)
      if (folded.find(cue) != std::string::npos) {
        out.emplace_back(text::trim(sentence));
        break;
      }
  }
  if (out.empty())
    for (std::size_t i = sentences.size() > 2 ? sentences.size() - 2 : 0; i < sentences.size(); ++i)
      out.emplace_back(text::trim(sentences[i]));
  return out;
}

}  // namespace broadsheet::present
