#include "digest/write/role_model.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "bot/base/text.hpp"
#include "digest/write/role_chain.hpp"
#include "digest/write/role_features.hpp"
#include "digest/write/role_table.hpp"
#include "embedded/role_weights.hpp"

namespace broadsheet::write {
namespace {

TEST(RoleTable, ShippedWeightsAreReadWhole) {
  auto table = parse_role_table(embedded::role_weights);
  ASSERT_TRUE(table.has_value());
  EXPECT_FALSE(table->nets.empty());
  EXPECT_NE(table->features.find(FeatureHash("b we propose").value()), nullptr);
  EXPECT_EQ(table->features.find(FeatureHash("u kelpnetless").value()), nullptr);
}

TEST(RoleTable, NoTwoFeaturesHaveOneNumber) {
  std::set<std::uint64_t> numbers;
  std::size_t lines = 0;
  bool in_features = false;
  for (auto line : text::split(embedded::role_weights, '\n')) {
    if (in_features && !line.empty()) {
      ++lines;
      numbers.insert(FeatureHash(line.substr(0, line.find('\t'))).value());
    }
    in_features = in_features || line == "features";
  }
  EXPECT_GT(lines, 1000U);
  EXPECT_EQ(numbers.size(), lines);
}

TEST(RoleTable, BrokenLinesAreRefused) {
  for (auto bad : {"", "start\t1\t2", "start\t1\tx\t3\t4\t5", "first\t1", "features\nu we\tPP", "what\t1"})
    EXPECT_FALSE(parse_role_table(bad).has_value()) << bad;
}

TEST(RoleFeatures, TokensAreBoundedAndFolded) {
  EXPECT_EQ(role_tokens("We propose K-means (12.5% of 3D)"),
            (std::vector<std::string>{"we", "propose", "k", "means", "(", "#", "#", "%", "of", "#"}));
  EXPECT_EQ(role_tokens(std::string(100'000, 'a')).at(0).size(), 24U);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "a ";
  EXPECT_EQ(role_tokens(many).size(), 150U);
  std::string umlauts;
  for (int i = 0; i < 40; ++i) umlauts += "\u00fc";
  EXPECT_TRUE(text::is_valid_utf8(role_tokens("x" + umlauts).at(0)));
}

TEST(RoleChain, SharesAreWholeAndSumToOne) {
  RoleChain chain;
  chain.follow[0] = {-300, 300, 0, 0, 0};
  std::vector<RoleScores> own(1000, RoleScores{5, -5, 40, -4000, 4000});
  for (const auto& shares : chain_shares(chain, own)) {
    auto sum = std::accumulate(shares.begin(), shares.end(), 0);
    EXPECT_GT(sum, kShareUnit - 10);
    EXPECT_LE(sum, kShareUnit);
  }
  EXPECT_TRUE(chain_shares(chain, {}).empty());
}

TEST(RoleChain, WhatFollowsCounts) {
  RoleChain chain;
  chain.follow[0] = {0, 96, 0, 0, 0};
  auto shares = chain_shares(chain, {{96, 0, 0, 0, 0}, {0, 0, 0, 0, 0}});
  EXPECT_GT(shares[1][1], 2 * shares[1][2]);
}

TEST(RoleChain, LogarithmsAreThoseOfTraining) {
  EXPECT_EQ(log_feature(kShareUnit), 64);
  EXPECT_EQ(log_feature(0), 64 - 148);  // 32 * log(0.01), rounded up
  EXPECT_EQ(exp_below(0), 1U << 30U);
  EXPECT_EQ(exp_below(1'000'000), exp_below(384));
}

TEST(RoleModel, GivesTheSameWholeNumbersEachTime) {
  std::vector<std::string> sentences = {"Kelp is hard to count.", "We propose KelpNet.", "It cuts the error by 31%."};
  EXPECT_EQ(role_shares(sentences), role_shares(sentences));
  EXPECT_TRUE(role_shares({}).empty());
  auto one = role_shares({""});
  ASSERT_EQ(one.size(), 1U);
}

}  // namespace
}  // namespace broadsheet::write
