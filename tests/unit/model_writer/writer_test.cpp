#include <gtest/gtest.h>

#include <deque>
#include <nlohmann/json.hpp>

#include "digest/model_writer/model_writer.hpp"
#include "digest/write/card.hpp"
#include "tests/unit/net/loop.hpp"

namespace broadsheet::model_writer {
namespace {

using nlohmann::json;

json field(const std::string& text, std::vector<int> evidence) {
  return {{"evidence", evidence}, {"text", text}};
}
json good_card() {
  return {{"tldr", field("KiteMap maps kites from photographs at 91% accuracy.", {2, 3})},
          {"problem", field("Kites are hard to map.", {1})},
          {"method", field("KiteMap draws maps from photographs.", {2})},
          {"result", field("It reaches 91% accuracy.", {3})},
          {"limits", nullptr}};
}

class Scripted final : public ChatModel {
 public:
  std::deque<Result<Answer>> answers;
  std::vector<Question> asked;
  std::string name() const override { return "scripted"; }
  boost::asio::awaitable<Result<Answer>> ask(Question question) override {
    asked.push_back(std::move(question));
    if (answers.empty()) co_return Error(ErrorKind::transient, "nothing left");
    auto out = std::move(answers.front());
    answers.pop_front();
    co_return out;
  }
  void says(const json& answer) { answers.emplace_back(Answer{answer.dump(), "scripted-2"}); }
};

struct AModelWriter : testing::Test {
  test::Loop loop;
  Scripted model;
  Metrics metrics;
  ModelWriter writer{model, metrics};

  static Paper paper(int number = 1) {
    Paper out;
    out.id = *PaperId::parse("2601.0000" + std::to_string(number));
    out.version = 1;
    out.title = "Maps of Kites";
    out.abstract =
        "Kites are hard to map. We present KiteMap, which draws maps from photographs. It reaches 91% accuracy.";
    return out;
  }
  static Card extract(int number = 1) { return write::write_card(paper(number), AnnounceType::new_paper, {}); }
  Result<Card> card(const std::string& language = "en") {
    Result<Card> out;
    auto task = [&]() -> boost::asio::awaitable<void> {
      out = co_await writer.card(extract(), {language, SteadyMoment::max(), 0});
    };
    loop.run(task());
    return out;
  }
  Result<ExecutiveSummary> summary(const std::vector<Card>& cards) {
    Result<ExecutiveSummary> out;
    auto task = [&]() -> boost::asio::awaitable<void> {
      out = co_await writer.summary({cards, {}}, {"en", SteadyMoment::max(), 0});
    };
    loop.run(task());
    return out;
  }
};

TEST_F(AModelWriter, TakesWhatPasses) {
  model.says(good_card());
  auto made = card();
  ASSERT_TRUE(made) << made.error().what();
  EXPECT_EQ(made->tldr.text, "KiteMap maps kites from photographs at 91% accuracy.");
  EXPECT_EQ(made->origin, Origin::model_from_abstract);
  EXPECT_EQ(made->degraded, "");
  ASSERT_EQ(made->sections.size(), 4U);
  EXPECT_EQ(made->sections[3].text, "None stated in the abstract.");
  EXPECT_EQ(model.asked.size(), 1U);
  EXPECT_EQ(writer.name(), "scripted/prompts-1.1");
}

TEST_F(AModelWriter, HasAFieldRepairedOnce) {
  auto bad = good_card();
  bad["result"] = field("It reaches 97% accuracy.", {3});
  model.says(bad);
  model.says(good_card());
  auto made = card();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->degraded, "");
  ASSERT_EQ(model.asked.size(), 2U);
  EXPECT_NE(model.asked[1].user.find("\"result\": it holds a number"), std::string::npos);
  EXPECT_EQ(model.asked[1].user.find("97"), std::string::npos) << "what the model invented is not said again";
}

TEST_F(AModelWriter, KeepsTheExtractOfAFieldThatFailsTwice) {
  auto bad = good_card();
  bad["tldr"] = field("KiteMap is a groundbreaking map of kites.", {2});
  bad["method"]["text"] = 5;
  model.says(bad);
  model.says(bad);
  auto made = card();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->tldr, extract().tldr);
  EXPECT_EQ(made->degraded, "TL;DR, method extracted: the model's words did not pass the checks");
  EXPECT_EQ(made->sections.back().role, Role::limitation);
}

TEST_F(AModelWriter, IsOfNoUseWithoutAnyGoodField) {
  model.answers.emplace_back(Answer{"I can't help with that.", "m"});
  model.answers.emplace_back(Answer{"{\"tldr\":", "m"});
  EXPECT_EQ(card().error().kind(), ErrorKind::refused);
}

TEST_F(AModelWriter, PassesOnWhatTheEndpointSaid) {
  model.answers.emplace_back(Error(ErrorKind::not_allowed, "budget"));
  EXPECT_EQ(card().error().kind(), ErrorKind::not_allowed);
  EXPECT_EQ(card("tlh").error().kind(), ErrorKind::refused);
}

TEST_F(AModelWriter, KeepsTheFirstAnswerWhenNoRepairComes) {
  auto bad = good_card();
  bad.erase("problem");
  model.says(bad);
  model.answers.emplace_back(Error(ErrorKind::transient, "gone"));
  auto made = card();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->degraded, "problem extracted: the model's words did not pass the checks");
}

std::vector<Card> finished() {
  std::vector<Card> out;
  for (int i = 1; i <= 3; ++i) {
    out.push_back(AModelWriter::extract(i));
    out.back().tldr = {"KiteMap maps kites from photographs at 91% accuracy.", false};
  }
  out[1].paper.title = "BoatMap: Boats on Paper";
  out[1].tldr = {"BoatMap folds boats in 40 minutes.", false};
  return out;
}
json statement(const std::string& text, std::vector<std::string> papers) {
  return {{"papers", papers}, {"text", text}};
}

TEST_F(AModelWriter, PlacesEveryPaperInItsSummary) {
  json theme = statement("Kites are mapped from photographs.", {"2601.00001"});
  theme["label"] = "Kites";
  model.says({{"overview", {statement("Kites and boats are mapped.", {"2601.00001", "2601.00002"})}},
              {"themes", {theme}},
              {"notable", {statement("It folds boats in 40 minutes.", {"2601.00002"})}},
              {"read_in_full", {statement("It folds boats in 40 minutes.", {"2601.00002"})}}});
  auto made = summary(finished());
  ASSERT_TRUE(made) << made.error().what();
  EXPECT_EQ(made->origin, Origin::model_from_abstract);
  ASSERT_EQ(made->themes.size(), 2U);
  EXPECT_EQ(made->themes[1].papers.size(), 2U);
  EXPECT_EQ(made->themes[1].label, "Further papers");
  EXPECT_EQ(made->notable.at(0).text, "BoatMap: It folds boats in 40 minutes.");
  EXPECT_TRUE(made->read_in_full.empty()) << "what is notable is not told twice";
}

TEST_F(AModelWriter, DropsStatementsThatTheCardsDoNotHold) {
  json answer{{"overview",
               {statement("Kites are mapped at 95% accuracy.", {"2601.00001"}),
                statement("Kites are mapped.", {"2601.77777"}), statement("BoatMap folds boats.", {"2601.00001"}),
                statement("Kites are mapped at 91% accuracy.", {"2601.00001v1"})}},
              {"themes", json::array()},
              {"notable", json::array()},
              {"read_in_full", json::array()}};
  model.says(answer);
  auto made = summary(finished());
  ASSERT_TRUE(made);
  ASSERT_EQ(made->overview.size(), 1U);
  EXPECT_EQ(made->overview[0].text, "Kites are mapped at 91% accuracy.");
}

TEST_F(AModelWriter, AsksForASummaryTwiceAndThenGivesUp) {
  model.says({{"overview", json::array()}});
  model.says({{"overview", {statement("Everything is solved.", {"2601.00001"})}}});
  EXPECT_EQ(summary(finished()).error().kind(), ErrorKind::refused);
  EXPECT_EQ(model.asked.size(), 2U);
}

}  // namespace
}  // namespace broadsheet::model_writer
