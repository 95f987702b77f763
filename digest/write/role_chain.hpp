// The arithmetic of the role model, in whole numbers: the same on every machine. digest/write/train/fixed.py does the
// same in training.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace broadsheet::write {

inline constexpr std::size_t kModelRoles = 5;  // background, objective, method, result, other
inline constexpr int kScoreUnit = 32;          // scores: 1/32 of a natural logarithm
inline constexpr int kShareUnit = 1 << 16;     // shares: 2^16 is all

using RoleScores = std::array<int, kModelRoles>;  // in kScoreUnit
using RoleShares = std::array<int, kModelRoles>;  // in kShareUnit

// 2^30 * exp(-distance/32) for a distance of 0 and more; beyond 12 logarithms as at 12.
std::uint64_t exp_below(std::int64_t distance);
// log(share + 0.01) + 2 in kScoreUnit, for a share of 0 to kShareUnit.
int log_feature(int share);

// Each score's part of the sum of exponentials, in kShareUnit, rounded down.
template <std::size_t N>
std::array<int, N> soft_shares(const std::array<int, N>& scores) {
  std::array<std::uint64_t, N> parts{};
  std::uint64_t total = 0;
  int most = scores[0];
  for (int x : scores) most = x > most ? x : most;
  for (std::size_t k = 0; k < N; ++k) total += parts.at(k) = exp_below(most - scores.at(k));
  std::array<int, N> out{};
  for (std::size_t k = 0; k < N; ++k) out.at(k) = static_cast<int>((parts.at(k) << 16U) / total);
  return out;
}

struct RoleChain {
  RoleScores start{};
  std::array<RoleScores, kModelRoles> follow{};  // follow[a][b]: b after a
};

// How sure the chain is of each role at each place, given its neighbours (forward and backward).
std::vector<RoleShares> chain_shares(const RoleChain& chain, const std::vector<RoleScores>& own);

}  // namespace broadsheet::write
