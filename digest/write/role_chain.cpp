#include "digest/write/role_chain.hpp"

#include <algorithm>
#include <bit>

namespace broadsheet::write {
namespace {

constexpr std::uint64_t kOne = 1U << 30U;
constexpr std::uint64_t kStep = 1040706261;  // 2^30 * exp(-1/32), rounded
constexpr std::size_t kDistances = 12 * kScoreUnit + 1;

constexpr std::array<std::uint64_t, kDistances> exp_table() {
  std::array<std::uint64_t, kDistances> out{};
  std::uint64_t x = kOne;
  for (auto& value : out) {
    value = x;
    x = x * kStep >> 30U;
  }
  return out;
}
constexpr auto kExp = exp_table();

using Parts = std::array<std::uint64_t, kModelRoles>;  // of kOne

Parts potential(const RoleScores& scores, int most) {
  Parts out{};
  for (std::size_t k = 0; k < kModelRoles; ++k) out.at(k) = exp_below(std::int64_t{most} - scores.at(k));
  return out;
}

int most_of(const RoleScores& scores) {
  return *std::max_element(scores.begin(), scores.end());
}

Parts times(const Parts& a, const Parts& b) {
  Parts out{};
  for (std::size_t k = 0; k < kModelRoles; ++k) out.at(k) = a.at(k) * b.at(k) >> 30U;
  return out;
}

// Brings the largest to between 2^29 and 2^30, so that nothing fades in long texts.
Parts scaled(Parts parts) {
  auto bits = std::bit_width(*std::max_element(parts.begin(), parts.end()));
  for (auto& x : parts) x = bits < 30 ? x << static_cast<unsigned>(30 - bits) : x >> static_cast<unsigned>(bits - 30);
  return parts;
}

struct Steps {
  Parts start{};
  std::array<Parts, kModelRoles> follow{};

  explicit Steps(const RoleChain& chain) : start(potential(chain.start, most_of(chain.start))) {
    int most = most_of(chain.follow[0]);
    for (const auto& row : chain.follow) most = std::max(most, most_of(row));
    for (std::size_t j = 0; j < kModelRoles; ++j) follow.at(j) = potential(chain.follow.at(j), most);
  }
  Parts after(const Parts& before) const {
    Parts out{};
    for (std::size_t j = 0; j < kModelRoles; ++j)
      for (std::size_t k = 0; k < kModelRoles; ++k) out.at(k) += before.at(j) * follow.at(j).at(k);
    for (auto& x : out) x >>= 30U;
    return out;
  }
  Parts before(const Parts& after) const {
    Parts out{};
    for (std::size_t j = 0; j < kModelRoles; ++j) {
      for (std::size_t k = 0; k < kModelRoles; ++k) out.at(j) += follow.at(j).at(k) * after.at(k);
      out.at(j) >>= 30U;
    }
    return out;
  }
};

}  // namespace

std::uint64_t exp_below(std::int64_t distance) {
  return kExp.at(std::min(static_cast<std::size_t>(distance), kDistances - 1));
}

int log_feature(int share) {
  auto value = (static_cast<std::uint64_t>(share) << 14U) + kOne / 100;
  auto at = std::partition_point(kExp.begin(), kExp.end(), [value](std::uint64_t e) { return e > value; });
  return 2 * kScoreUnit - static_cast<int>(at - kExp.begin());
}

std::vector<RoleShares> chain_shares(const RoleChain& chain, const std::vector<RoleScores>& own) {
  const std::size_t n = own.size();
  if (n == 0) return {};
  const Steps steps(chain);
  std::vector<Parts> here(n);
  std::vector<Parts> forward(n);
  for (std::size_t i = 0; i < n; ++i) {
    here[i] = potential(own[i], most_of(own[i]));
    forward[i] = scaled(times(i == 0 ? steps.start : steps.after(forward[i - 1]), here[i]));
  }
  std::vector<RoleShares> out(n);
  Parts backward;
  backward.fill(kOne / 2);
  for (std::size_t i = n; i-- > 0;) {
    auto both = times(forward[i], backward);
    std::uint64_t total = 0;
    for (auto x : both) total += x;
    for (std::size_t k = 0; k < kModelRoles; ++k)
      out[i].at(k) = static_cast<int>((both.at(k) << 16U) / std::max<std::uint64_t>(total, 1));
    backward = scaled(steps.before(times(here[i], backward)));
  }
  return out;
}

}  // namespace broadsheet::write
