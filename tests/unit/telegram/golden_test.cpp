// What a person sees. After a wanted change: BROADSHEET_UPDATE_GOLDEN=1 telegram_test, then read the difference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "adapters/telegram/render.hpp"
#include "adapters/telegram/validate.hpp"
#include "digest/doc/builder.hpp"
#include "digest/present/document.hpp"
#include "digest/record/json.hpp"
#include "readable.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::Part;
using model::PartKind;

std::string golden_path(const std::string& name) {
  return std::string(BROADSHEET_FIXTURES) + "/../golden/telegram/" + name + ".txt";
}

void expect_golden(const std::string& name, const std::string& found) {
  if (std::getenv("BROADSHEET_UPDATE_GOLDEN") != nullptr) std::ofstream(golden_path(name)) << found;
  std::ifstream in(golden_path(name));
  std::stringstream wanted;
  wanted << in.rdbuf();
  EXPECT_EQ(found, wanted.str());
}

// A record that was built once: what is judged here is Telegram's layout, not what the writer chooses.
Digest sample(std::size_t top) {
  std::ifstream in(std::string(BROADSHEET_FIXTURES) + "/telegram/digest.json");
  std::stringstream record;
  record << in.rdbuf();
  auto digest = record::digest_from_json(record.str());
  EXPECT_TRUE(digest);
  digest->cards.resize(top);
  return *digest;
}

std::vector<Part> parts_of(const Digest& digest) {
  std::vector<Part> out{{PartKind::summary, present::overview(digest), {}}};
  std::size_t number = 0;
  for (const auto& card : digest.cards) {
    ++number;
    out.push_back({PartKind::card, present::card(card, false, number), card.paper.id, number});
  }
  return out;
}

void expect_all_valid(const std::vector<model::OutgoingMessage>& messages) {
  for (const auto& m : messages) {
    auto checked = validate(test::text_of_body(m.body));
    EXPECT_TRUE(checked) << checked.error().what();
  }
}

TEST(TelegramGolden, ADigest) {
  auto messages = render(parts_of(sample(6)), {});
  expect_all_valid(messages);
  expect_golden("digest", test::readable(messages));
}

TEST(TelegramGolden, ADigestWithSeparateCardsAndAPage) {
  adapters::RenderOptions options;
  options.combine = false;
  options.page_url = "https://digest.example.org/d/cs.CV/2026-01-13";
  options.digest = "cs.CV/2026-01-13";
  options.announced = 24;
  auto messages = render(parts_of(sample(2)), options);
  expect_all_valid(messages);
  expect_golden("separate", test::readable(messages));
}

TEST(TelegramGolden, AFullDigestDocument) {
  auto messages = render({{PartKind::reply, present::digest_document(sample(3), Style::full), {}}}, {});
  expect_all_valid(messages);
  expect_golden("full", test::readable(messages));
}

TEST(TelegramGolden, ANotice) {
  NoAnnouncement holiday;
  holiday.day = *parse_day("2026-01-01");
  holiday.next = *parse_day("2026-01-02");
  holiday.reason = QuietReason::holiday;
  auto messages =
      render({{PartKind::notice, present::notice(ListingOutcome(holiday), *Category::parse("cs.CL")), {}}}, {});
  expect_all_valid(messages);
  expect_golden("notice", test::readable(messages));
}

}  // namespace
}  // namespace broadsheet::telegram
