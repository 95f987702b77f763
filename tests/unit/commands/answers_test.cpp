#include "bot/commands/answers.hpp"

#include <gtest/gtest.h>

#include "digest/doc/plain.hpp"
#include "tests/unit/commands/fake_services.hpp"

namespace broadsheet::commands {
namespace {

const Context kTelegram{"/", *Zone::find("Europe/Berlin"), model::Role::manager};

std::string text_of(const doc::Document& document) {
  return doc::to_plain(document);
}

TEST(Answers, ShowCommandsAsTheyAreTypedInThatPlace) {
  auto error = error_answer(kTelegram, user_error(ErrorCode::unknown_command, {"digst", "digest"}));
  EXPECT_EQ(text_of(error), "There is no command \"digst\". Did you mean digest? /help lists all.\n");
  auto option = error_answer(kTelegram, user_error(ErrorCode::bad_option, {"top", "1 to 50", "x", "", "digest"}));
  EXPECT_NE(text_of(option).find("top takes"), std::string::npos);  // an option is no command
}

TEST(Answers, KeepForeignTextAsText) {
  auto error = error_answer(kTelegram, user_error(ErrorCode::bad_category, {quoted_part("<b>`x`*y*"), ""}));
  EXPECT_EQ(text_of(error), "There is no category \"<b>x*y*\".\n");
}

TEST(Answers, MarkAWithdrawnPaperOnTop) {
  auto card = invented_card("2601.00003", "Bathtub tides");
  card.paper.withdrawn = true;
  card.paper.comment = "The bathtub leaked.";
  EXPECT_TRUE(text_of(paper_answer(card, Detail::card)).starts_with("Withdrawn by its authors. The bathtub leaked."));
}

TEST(Answers, ShowTheAbstractAndTheFactsOnlyInFull) {
  auto card = invented_card("2601.00003", "Bathtub tides");
  card.paper.comment = "12 pages";
  EXPECT_EQ(text_of(paper_answer(card, Detail::card)).find("We measure tides"), std::string::npos);
  auto full = text_of(paper_answer(card, Detail::full));
  EXPECT_NE(full.find("We measure tides"), std::string::npos);
  EXPECT_NE(full.find("first submitted 2026-01-12 · comment: 12 pages"), std::string::npos);
}

TEST(Answers, OfferDetailsBibtexAndPdfUnderACard) {
  auto document = paper_answer(invented_card("2601.00003", "Bathtub tides"), Detail::card);
  const auto& buttons = std::get<doc::Buttons>(document.blocks.back()).buttons;
  ASSERT_EQ(buttons.size(), 3U);
  EXPECT_EQ(buttons[0].action, doc::Action::details);
  EXPECT_EQ(buttons[2].url, "https://arxiv.org/pdf/2601.00003v2");
}

TEST(Answers, ListSubscriptionsWithStateAndNextRun) {
  Decided d;
  d.subscription.number = 2;
  d.subscription.categories = {*Category::parse("cs.CL")};
  d.options = model::resolve({d.subscription.options});
  d.next = *parse_iso("2026-01-15T01:15:00Z");
  auto text = text_of(subscriptions_answer(kTelegram, {d}));
  EXPECT_NE(text.find("#2 cs.CL — as soon as arXiv announces, weekdays"), std::string::npos) << text;
  EXPECT_NE(text.find("active · next Thu 15 Jan 02:15 CET"), std::string::npos) << text;
  d.subscription.state = model::SubscriptionState::paused;
  d.subscription.why = "the bot was removed";
  text = text_of(subscriptions_answer(kTelegram, {d}));
  EXPECT_NE(text.find("paused (the bot was removed)"), std::string::npos);
  EXPECT_EQ(text.find("next"), std::string::npos);
  EXPECT_NE(text_of(subscriptions_answer(kTelegram, {})).find("/subscribe cs.CL"), std::string::npos);
}

TEST(Answers, NameEveryDifference) {
  model::Effective a, b;
  EXPECT_EQ(differences(a, b), "");
  b.filter = "tides";
  b.thread = model::ThreadPolicy::off;
  EXPECT_EQ(differences(a, b), "keywords none → tides, thread digest → off");
}

TEST(Answers, SayHowLongPostingTakesAtLeast) {
  using namespace std::chrono_literals;
  EXPECT_EQ(fan_out_text({1, 0s}), "1 place, posted in less than a second");
  EXPECT_EQ(fan_out_text({45, 500ms}), "45 places, posted in less than a second");
  EXPECT_EQ(fan_out_text({60, 1001ms}), "60 places, posted in 2 s at the earliest");
  EXPECT_EQ(fan_out_text({10'000, 3666s}), "10000 places, posted in 1 h 1 min at the earliest");
}

TEST(Answers, ShowTheStateOfEverythingInStatus) {
  StatusReport report;
  report.categories = {{*Category::parse("cs.CL"), parse_day("2026-01-14"), 143}, {*Category::parse("cs.RO"), {}, 0}};
  report.waiting = 3;
  report.source_down = *parse_iso("2026-01-15T01:05:00Z");
  report.source_trouble = "GET http://127.0.0.1:9/rss: connecting: refused";
  report.categories[0].awaited = parse_day("2026-01-15");
  report.version = "1.2.3";
  auto text = text_of(status_answer(kTelegram, report));
  EXPECT_NE(text.find("cs.CL: listing of Wednesday 14 January 2026, 143 announced"), std::string::npos) << text;
  EXPECT_NE(text.find("cs.RO: no listing seen yet"), std::string::npos);
  EXPECT_NE(text.find("Waiting messages: 3"), std::string::npos);
  EXPECT_NE(text.find("that of Thursday 15 January 2026 is not there yet"), std::string::npos) << text;
  EXPECT_NE(text.find("arXiv: does not answer since Thu 15 Jan 02:05 CET; it is asked again"), std::string::npos)
      << text;
  EXPECT_EQ(text.find("GET"), std::string::npos) << "which address failed how is for operators";
  EXPECT_NE(text_of(status_answer({"/", Zone::utc(), model::Role::operator_}, report)).find("GET"), std::string::npos);
}

TEST(Answers, TellOperatorsWhatIsDueTogetherAndOthersOnlyALongWait) {
  Decided d;
  d.subscription.categories = {*Category::parse("cs.CL")};
  d.options.time_zone = "Etc/UTC";
  d.options.at = *model::When::parse("09:00");
  d.fan_out = FanOut{1, std::chrono::seconds(0)};
  auto manager = text_of(subscribed_answer(kTelegram, d));
  EXPECT_EQ(manager.find("place"), std::string::npos) << manager;
  EXPECT_NE(manager.find("at 09:00 UTC"), std::string::npos) << manager;
  EXPECT_EQ(manager.find("Etc/"), std::string::npos) << manager;
  auto operators = text_of(subscribed_answer({"/", Zone::utc(), model::Role::operator_}, d));
  EXPECT_NE(operators.find("Due together: 1 place"), std::string::npos) << operators;
}

TEST(Answers, SayThatAnOverdueDigestComesWithItsListing) {
  Decided d;
  d.subscription.categories = {*Category::parse("cs.CL")};
  d.next = *parse_iso("2026-01-15T01:15:00Z");
  d.overdue = true;
  auto text = text_of(subscribed_answer(kTelegram, d));
  EXPECT_NE(text.find("Next: as soon as the listing is there; it was expected Thu 15 Jan 02:15 CET"), std::string::npos)
      << text;
}

}  // namespace
}  // namespace broadsheet::commands
