// What the role model looks at in a sentence: its words, word pairs, opening and place in the abstract.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::write {

// The number of a feature by its name ("u propose", "b we propose", "f we", "p 3": the keys of role_weights.tsv).
// FNV-1a with 64 bits; role_weights.tsv is tested to hold no two names with one number.
class FeatureHash {
 public:
  explicit constexpr FeatureHash(std::string_view begin) { add(begin); }
  constexpr FeatureHash& add(std::string_view part) {
    for (char c : part) value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return *this;
  }
  constexpr std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

using Features = std::vector<std::uint64_t>;  // sorted, each once

// Lower-case words, every number "#", and of the signs those that tell something. Bounded: what follows the first 150
// says little and could be hostile.
std::vector<std::string> role_tokens(std::string_view sentence);
// Words and pairs of words from `start` on.
Features word_features(const std::vector<std::string>& words, std::size_t start);
// The first word, the first two and the first three, in this order (not sorted).
Features opening_features(const std::vector<std::string>& words);
// Words, pairs, opening and place. `index` < `count`.
Features role_features(const std::vector<std::string>& words, std::size_t index, std::size_t count);

}  // namespace broadsheet::write
