// role_weights.tsv as it is looked up.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "digest/write/role_chain.hpp"

namespace broadsheet::write {

inline constexpr std::size_t kPlaces = 8;    // classes of the model that guesses where a sentence stands
inline constexpr std::size_t kOpenings = 4;  // classes of the model that guesses how a sentence was opened

// What one feature adds, in kScoreUnit.
struct FeatureWeights {
  std::array<std::int8_t, kModelRoles> role{};
  std::array<std::int8_t, kPlaces> place{};
  std::array<std::int8_t, kOpenings> opening{};
};

// Open addressing by feature number; filled once, then read only.
class FeatureTable {
 public:
  void reserve(std::size_t features);
  // False where the number is there already.
  bool add(std::uint64_t feature, const FeatureWeights& weights);
  const FeatureWeights* find(std::uint64_t feature) const;

 private:
  struct Slot {
    std::uint64_t feature = 0;  // 0: free
    FeatureWeights weights;
  };
  std::vector<Slot> slots_;
};

// One hidden layer and a straight way past it. Weights: `first` and `past` in 1/(256 * 32) for inputs of 1/32 each,
// `second` in 1/256; biases and results in 1/8192.
struct RoleNet {
  std::vector<std::vector<int>> first;  // a row a hidden value
  std::vector<int> first_bias;
  std::vector<std::vector<int>> second;  // a row a role
  std::vector<std::vector<int>> past;    // a row a role
  std::vector<int> past_bias;
};

struct RoleTable {
  RoleChain chain;
  std::array<int, kPlaces> place_bias{};
  std::array<int, kOpenings> opening_bias{};
  std::unordered_set<std::uint64_t> openers;  // numbers of known openings
  std::vector<RoleNet> nets;
  FeatureTable features;
};

// None where a line is not of the format that train/roles.py writes.
std::optional<RoleTable> parse_role_table(std::string_view tsv);

}  // namespace broadsheet::write
