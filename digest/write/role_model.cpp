#include "digest/write/role_model.hpp"

#include <algorithm>
#include <cassert>

#include "digest/write/role_features.hpp"
#include "digest/write/role_table.hpp"
#include "embedded/role_weights.hpp"

namespace broadsheet::write {
namespace {

const RoleTable& table() {
  // Part of the program: a test reads it.
  static const RoleTable kTable = parse_role_table(embedded::role_weights).value();
  return kTable;
}

// What is known of one sentence by itself; the logarithms in kScoreUnit.
struct Seen {
  RoleScores own{};
  std::array<int, kPlaces> place{};
  std::array<int, kOpenings> opening{};
};

template <std::size_t N>
void add(std::array<int, N>& to, const std::array<std::int8_t, N>& weights) {
  for (std::size_t k = 0; k < N; ++k) to[k] += weights[k];
}

template <std::size_t N>
std::array<int, N> logs_of(std::array<int, N> shares) {
  for (auto& x : shares) x = log_feature(x);
  return shares;
}

// How many words the longest known opening has.
std::size_t opener_length(const std::vector<std::string>& words) {
  auto openings = opening_features(words);
  for (std::size_t n = openings.size(); n > 0; --n)
    if (table().openers.contains(openings[n - 1])) return n;
  return 0;
}

Seen look_at(std::string_view sentence, std::size_t index, std::size_t count) {
  auto words = role_tokens(sentence);
  Seen out;
  auto place = table().place_bias;
  auto opening = table().opening_bias;
  for (auto feature : role_features(words, index, count))
    if (const auto* weights = table().features.find(feature)) {
      add(out.own, weights->role);
      add(place, weights->place);
    }
  for (auto feature : word_features(words, opener_length(words)))
    if (const auto* weights = table().features.find(feature)) add(opening, weights->opening);
  out.place = logs_of(soft_shares(place));
  out.opening = logs_of(soft_shares(opening));
  return out;
}

// The inputs of the net, in the order of train/roles.py.
class Inputs {
 public:
  Inputs(const std::vector<Seen>& seen, const std::vector<RoleShares>& shares) : seen_(seen), shares_(shares) {
    for (const auto& s : shares) logs_.push_back(logs_of(s));
    most_after_.resize(shares.size() + 1);
    sum_after_.resize(shares.size() + 1);
    for (std::size_t i = shares.size(); i-- > 0;) {
      most_after_[i] = most_after_[i + 1];
      sum_after_[i] = sum_after_[i + 1];
      gather(sum_after_[i], most_after_[i], shares[i]);
    }
  }

  // In turn from the first sentence on.
  const std::vector<int>& of_next() {
    row_.clear();
    const std::size_t i = next_++;
    for (std::size_t d = 0; d < 5; ++d) put_neighbour(i + d);
    int best = *std::max_element(seen_[i].own.begin(), seen_[i].own.end());
    for (int x : seen_[i].own) row_.push_back(std::max(x - best, -6 * kScoreUnit) + 2 * kScoreUnit);
    put_shares(sum_before_, most_before_);
    put_shares(sum_after_[i + 1], most_after_[i + 1]);
    put_place(static_cast<int>(i), static_cast<int>(seen_.size()));
    for (std::size_t d = 0; d < 3; ++d) put(i + d, [](const Seen& s) -> const auto& { return s.place; });
    for (std::size_t d = 0; d < 3; ++d) put(i + d, [](const Seen& s) -> const auto& { return s.opening; });
    gather(sum_before_, most_before_, shares_[i]);
    return row_;
  }

 private:
  using Sums = std::array<std::int64_t, kModelRoles>;

  static void gather(Sums& sum, RoleShares& most, const RoleShares& shares) {
    for (std::size_t k = 0; k < kModelRoles; ++k) {
      sum.at(k) += shares.at(k);
      most.at(k) = std::max(most.at(k), shares.at(k));
    }
  }
  void put_shares(const Sums& sum, const RoleShares& most) {
    for (auto x : sum) row_.push_back(static_cast<int>(x * kScoreUnit >> 16U));
    for (auto x : most) row_.push_back(static_cast<int>(std::int64_t{x} * kScoreUnit >> 16U));
  }
  // `at` counts from two before the first.
  void put_neighbour(std::size_t at) {
    bool inside = at >= 2 && at - 2 < logs_.size();
    for (std::size_t k = 0; k < kModelRoles; ++k) row_.push_back(inside ? logs_[at - 2].at(k) : -4 * kScoreUnit);
    row_.push_back(inside ? 0 : kScoreUnit);
  }
  // `at` counts from one before the first.
  void put(std::size_t at, auto part) {
    bool inside = at >= 1 && at - 1 < seen_.size();
    static const Seen kNothing;
    for (int x : part(inside ? seen_[at - 1] : kNothing)) row_.push_back(x);
  }
  void put_place(int i, int n) {
    for (int x : {kScoreUnit * i / n, kScoreUnit / n, 3 * std::min(n, 12), 6 * std::min(i, 6),
                  6 * std::min(n - 1 - i, 6), i == 0 ? kScoreUnit : 0, i == n - 1 ? kScoreUnit : 0})
      row_.push_back(x);
  }

  const std::vector<Seen>& seen_;
  const std::vector<RoleShares>& shares_;
  std::vector<RoleShares> logs_;
  std::vector<Sums> sum_after_;
  std::vector<RoleShares> most_after_;
  Sums sum_before_{};
  RoleShares most_before_{};
  std::vector<int> row_;
  std::size_t next_ = 0;
};

std::int64_t product(const std::vector<int>& weights, const auto& values) {
  assert(weights.size() == values.size());
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += std::int64_t{weights[i]} * values[i];
  return sum;
}

std::array<std::int64_t, kModelRoles> net_scores(const RoleNet& net, const std::vector<int>& inputs) {
  std::vector<std::int64_t> hidden;
  hidden.reserve(net.first.size());
  for (std::size_t h = 0; h < net.first.size(); ++h)
    hidden.push_back(std::max<std::int64_t>(product(net.first[h], inputs) + net.first_bias[h], 0));
  std::array<std::int64_t, kModelRoles> out{};
  for (std::size_t k = 0; k < kModelRoles; ++k)
    out.at(k) = (product(net.second[k], hidden) >> 8U) + product(net.past[k], inputs) + net.past_bias[k];
  return out;
}

// Rounds down, also below 0.
std::int64_t mean(std::int64_t sum, std::int64_t count) {
  return (sum - (sum % count < 0 ? count : 0)) / count;
}

RoleShares judged(const std::vector<int>& inputs) {
  std::array<std::int64_t, kModelRoles> sum{};
  for (const auto& net : table().nets) {
    auto scores = net_scores(net, inputs);
    for (std::size_t k = 0; k < kModelRoles; ++k) sum.at(k) += scores.at(k);
  }
  RoleScores out{};
  for (std::size_t k = 0; k < kModelRoles; ++k)
    out.at(k) = static_cast<int>(mean(sum.at(k), static_cast<std::int64_t>(table().nets.size())) >> 8U);
  return soft_shares(out);
}

}  // namespace

std::vector<RoleShares> role_shares(const std::vector<std::string>& sentences) {
  std::vector<Seen> seen;
  std::vector<RoleScores> own;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    seen.push_back(look_at(sentences[i], i, sentences.size()));
    own.push_back(seen.back().own);
  }
  auto shares = chain_shares(table().chain, own);
  Inputs inputs(seen, shares);
  std::vector<RoleShares> out;
  for (std::size_t i = 0; i < seen.size(); ++i) out.push_back(judged(inputs.of_next()));
  return out;
}

}  // namespace broadsheet::write
