// `digest` with a model behind a fake endpoint: whatever the endpoint does, a digest comes out.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/e2e/run_program.hpp"
#include "tests/fakes/fake_model.hpp"

namespace broadsheet::e2e {
namespace {

using fakes::model_answer;
using fakes::model_error;
using nlohmann::json;
using namespace std::chrono_literals;

const std::string kSample = std::string(BROADSHEET_SOURCE) + "/config/sample/2026-01-13.jsonl";
constexpr std::size_t kCards = 3;

struct WithAModel : testing::Test {
  Folder folder;
  fakes::FakeModel fake;
  std::string more;  // of [writer]
  std::string top = "3";
  std::string log_level = "warning";

  Ran digest(std::vector<std::string> options = {}, const std::string& format = "json") {
    folder.write("broadsheet.toml", "[writer]\nkind = \"openai\"\nbase_url = \"" + fake.base() +
                                        "\"\nmodel = \"small-model\"\napi_key = \"env:MODEL_KEY\"\n" + more);
    setenv("MODEL_KEY", "sk-canary-key", 1);
    std::vector<std::string> arguments = {"--log-level", log_level, "--config", "broadsheet.toml",
                                          "digest",      "cs.CV",   "--source", kSample,
                                          "--top",       top,       "--format", format};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_program(folder, arguments);
  }
  json read(const Ran& ran) {
    EXPECT_EQ(ran.status, 0) << ran.err;
    auto out = json::parse(ran.out, nullptr, false);
    EXPECT_TRUE(out.is_object()) << ran.out.substr(0, 200);
    return out;
  }
  json extractive() {
    return json::parse(
        run_program(folder, {"digest", "cs.CV", "--source", kSample, "--top", "3", "--format", "json"}).out);
  }
  static std::size_t by_model(const json& digest) {
    return static_cast<std::size_t>(std::count_if(digest["cards"].begin(), digest["cards"].end(), [](const auto& card) {
      return card["origin"] == "model, from abstract" && !card.contains("degraded");
    }));
  }
};

TEST_F(WithAModel, CardsAndSummaryAreTheModels) {
  auto digest = read(this->digest());
  EXPECT_EQ(by_model(digest), kCards) << digest["cards"].dump(1);
  EXPECT_EQ(digest["summary"]["origin"], "model, from abstract");
  EXPECT_EQ(fake.violations(), std::vector<std::string>());
  EXPECT_EQ(fake.calls(), kCards + 1);
  std::set<std::string> placed;
  for (const auto& theme : digest["summary"]["themes"])
    for (const auto& id : theme["papers"]) placed.insert(id);
  EXPECT_EQ(placed.size(), kCards);
}

TEST_F(WithAModel, TheSecondRunAsksNobodyAndOfflineNeitherDoes) {
  auto first = read(digest());
  auto calls = fake.calls();
  auto second = read(digest());
  EXPECT_EQ(fake.calls(), calls);
  EXPECT_EQ(first["cards"], second["cards"]);
  EXPECT_EQ(first["summary"], second["summary"]);
  EXPECT_EQ(by_model(read(digest({"--offline"}))), kCards);
  EXPECT_EQ(fake.calls(), calls);
  EXPECT_EQ(read(digest({"--offline", "--lang", "de"}))["cards"][0]["degraded"], "no model was asked");
  EXPECT_EQ(fake.calls(), calls);
}

TEST_F(WithAModel, OneFaultCostsNoCard) {
  auto cut = model_answer("{}");
  cut.fault = fakes::Fault::cut_in_body;
  auto wait = model_error(429, "slow down");
  wait.headers.emplace_back("Retry-After", "1");
  for (const auto& fault : {model_error(500, "x"), cut, wait}) {
    fake.next(fault);
    more = "daily_budget_tokens = " + std::to_string(1'000'000 + fake.calls()) + "\n";
    EXPECT_EQ(by_model(read(digest({"--interests", "fault " + std::to_string(fake.calls())}))), kCards);
  }
}

TEST_F(WithAModel, WhateverTheEndpointDoesTheExtractStandsByteForByte) {
  auto plain = extractive();
  auto garbage = model_answer("{}");
  garbage.fault = fakes::Fault::garbage;
  for (const auto& fault : {model_error(503, "down"), model_error(401, "key"), model_error(400, "no"), garbage,
                            model_answer("I can't help with that."), model_answer("{\"tldr\":", "length"),
                            model_answer(R"({"tldr":5,"problem":[],"method":null,"result":"x","limits":7})"),
                            model_error(429, "no money", "insufficient_quota")}) {
    fake.always(fault);
    auto digest = read(this->digest());
    for (std::size_t i = 0; i < kCards; ++i) {
      auto card = digest["cards"][i];
      EXPECT_TRUE(card.contains("degraded"));
      card.erase("degraded");
      EXPECT_EQ(card, plain["cards"][i]);
    }
    EXPECT_EQ(digest["summary"], plain["summary"]);
  }
}

TEST_F(WithAModel, AnEstimateAsksNobody) {
  auto before = digest({"--estimate"});
  EXPECT_EQ(before.out.find("4 calls (3 cards, 0 kept), about "), 0U) << before.out << before.err;
  EXPECT_EQ(fake.calls(), 0U);
  (void)digest();
  EXPECT_EQ(digest({"--estimate"}).out.find("0 calls (0 cards, 3 kept)"), 0U);
}

TEST_F(WithAModel, FailuresAreNotKept) {
  fake.always(model_error(503, "down"));
  EXPECT_EQ(by_model(read(digest())), 0U);
  fake.always(std::nullopt);
  EXPECT_EQ(by_model(read(digest())), kCards);
}

TEST_F(WithAModel, TheDaysTokensAreNotPassed) {
  top = "10";
  more = "daily_budget_tokens = 1500\nconcurrency = 2\n";
  auto digest = read(this->digest());
  auto made = by_model(digest);
  EXPECT_GE(made, 1U);
  EXPECT_LT(made, 10U);
  EXPECT_EQ(digest["cards"].back()["degraded"], "the day's token budget is used up");
  EXPECT_LT(fake.tokens(), 1500 + 1500);
  auto calls = fake.calls();
  (void)this->digest();
  EXPECT_EQ(fake.calls(), calls);
}

TEST_F(WithAModel, NoKeyQuestionOrAnswerIsLogged) {
  fake.next(model_error(400, "sk-canary-key: the paper says kites"));
  log_level = "debug";
  auto ran = digest();
  EXPECT_EQ(ran.err.find("sk-canary-key"), std::string::npos);
  EXPECT_EQ(ran.out.find("sk-canary-key"), std::string::npos);
  EXPECT_EQ(ran.err.find("Return valid json"), std::string::npos);
  EXPECT_NE(ran.err.find("req-fake"), std::string::npos) << "for the provider's support";
  auto shown = run_program(folder, {"--config", "broadsheet.toml", "config", "show"});
  EXPECT_NE(shown.out.find("api_key = \"***\""), std::string::npos) << shown.out << shown.err;
}

TEST_F(WithAModel, FormatsComeBackByteForByte) {
  for (const char* format : {"f1", "f2"}) {
    auto made = digest({}, format);
    ASSERT_EQ(made.status, 0) << made.err;
    Folder other;
    other.write("made.md", made.out);
    auto imported = run_program(other, {"import", "made.md"});
    EXPECT_EQ(imported.status, 0) << format << imported.err << imported.out;
    auto again = run_program(other, {"export", "--format", format});
    EXPECT_EQ(again.out, made.out) << format << again.err;
  }
}

}  // namespace
}  // namespace broadsheet::e2e
