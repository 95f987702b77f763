#include "digest/present/person_name.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "bot/base/text.hpp"

namespace broadsheet::present {
namespace {

bool is_suffix(std::string_view s) {
  constexpr std::array<std::string_view, 8> kSuffix = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "v."};
  return std::find(kSuffix.begin(), kSuffix.end(), text::lower_ascii(s)) != kSuffix.end();
}

// Capital particles belong to the family name.
bool is_family_particle(std::string_view s) {
  constexpr std::array<std::string_view, 22> kParticles = {"de",  "da",  "di",  "del", "della", "van", "von", "le",
                                                           "la",  "du",  "dos", "el",  "al",    "ben", "bin", "st.",
                                                           "san", "mac", "ter", "ten", "der",   "den"};
  return std::find(kParticles.begin(), kParticles.end(), text::lower_ascii(s)) != kParticles.end();
}

bool is_lower(std::string_view s) {
  return !s.empty() && s[0] >= 'a' && s[0] <= 'z';
}

std::string joined(const std::vector<std::string>& words, std::size_t from, std::size_t to) {
  return text::join(
      {words.begin() + static_cast<std::ptrdiff_t>(from), words.begin() + static_cast<std::ptrdiff_t>(to)}, " ");
}

}  // namespace

PersonName parse_person(std::string_view name) {
  std::vector<std::string> words;
  for (auto word : text::split(name, ' '))
    if (!word.empty()) words.emplace_back(word);
  PersonName out;
  if (words.size() > 1 && is_suffix(words.back())) {
    out.suffix = words.back();
    words.pop_back();
    if (words.back().ends_with(',')) words.back().pop_back();
  }
  if (words.empty()) return out;
  auto family = words.size() - 1;
  while (family > 1 && !is_lower(words[family - 1]) && is_family_particle(words[family - 1])) --family;
  auto particle = family;
  while (particle > 1 && is_lower(words[particle - 1])) --particle;
  out.given = joined(words, 0, std::min(particle, family));
  out.particle = joined(words, particle, family);
  out.family = joined(words, family, words.size());
  return out;
}

std::string last_first(const PersonName& name) {
  auto out = name.particle.empty() ? name.family : name.particle + " " + name.family;
  if (!name.given.empty()) out += ", " + name.given;
  return name.suffix.empty() ? out : out + ", " + name.suffix;
}

}  // namespace broadsheet::present
