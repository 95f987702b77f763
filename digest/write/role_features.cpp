#include "digest/write/role_features.hpp"

#include <algorithm>

namespace broadsheet::write {
namespace {

constexpr std::size_t kMostTokens = 150;  // of one sentence; what follows says little and could be hostile

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Lower-case words; every number is "#"; of the signs only those that tell something.
std::vector<std::string> tokens(std::string_view s) {
  std::vector<std::string> out;
  std::string word;
  auto finish = [&out, &word] {
    if (word.empty()) return;
    out.push_back(is_digit(word[0]) ? "#" : word);
    word.clear();
  };
  for (char c : s) {
    if (out.size() >= kMostTokens) break;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    bool letter = (c >= 'a' && c <= 'z') || is_digit(c) || (static_cast<unsigned char>(c) & 0x80U) != 0;
    if (letter && word.size() < 24) {
      word += c;
    } else if (!letter) {
      finish();
      if (c == '%' || c == '?' || c == ':' || c == '(') out.emplace_back(1, c);
    }
  }
  finish();
  return out;
}

void add_place(std::vector<std::string>& out, std::size_t index, std::size_t count) {
  out.push_back("p " + std::to_string(index * 10 / count));
  out.push_back("s " + std::to_string(std::min<std::size_t>(index, 6)));
  out.push_back("e " + std::to_string(std::min<std::size_t>(count - 1 - index, 5)));
  out.push_back("n " + std::to_string(std::min<std::size_t>(count, 12)));
  out.push_back("sn " + std::to_string(std::min<std::size_t>(index, 5)) + "/" +
                std::to_string(std::min<std::size_t>(count, 9)));
}

}  // namespace

std::vector<std::string> role_features(std::string_view sentence, std::size_t index, std::size_t count) {
  std::vector<std::string> out{"1"};
  add_place(out, index, count);
  auto words = tokens(sentence);
  out.push_back("l " + std::to_string(std::min<std::size_t>(words.size() / 5, 8)));
  for (std::size_t i = 0; i < words.size(); ++i) {
    out.push_back("u " + words[i]);
    if (i + 1 < words.size()) out.push_back("b " + words[i] + " " + words[i + 1]);
  }
  std::string opening = "f";
  for (std::size_t i = 0; i < std::min<std::size_t>(words.size(), 3); ++i) {
    opening += " " + words[i];
    out.push_back(opening);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace broadsheet::write
