// Every content that hostile papers can make of the adapter is taken by a real homeserver and notifies nobody, although
// somebody's name stands in it (design: reliability F60-F63).
#include "tests/unit/matrix/hostile.hpp"

#include <gtest/gtest.h>

#include "digest/present/document.hpp"
#include "tests/fakes/matrix_content.hpp"
#include "tests/live/bot.hpp"
#include "tests/live/homeserver.hpp"

namespace broadsheet::live {
namespace {

std::vector<model::OutgoingMessage> hostile_messages(const matrix::Matrix& platform) {
  std::vector<model::OutgoingMessage> out;
  int number = 0;
  for (const auto& text : matrix::hostile_texts()) {
    auto card = matrix::hostile_card(text, ++number);
    Digest digest;
    digest.key.categories = {*Category::parse("cs.CV")};
    digest.key.day = *parse_day("2026-01-13");
    digest.cards = {card};
    digest.summary.overview = {{text, {card.paper.id}}};
    for (bool native : {false, true}) {
      adapters::RenderOptions options;
      options.combine = false;
      options.native_maths = native;
      for (auto& one : platform.render({{model::PartKind::summary, present::overview(digest), {}},
                                        {model::PartKind::card, present::card(card), card.paper.id},
                                        {model::PartKind::notice, present::digest_document(digest, Style::full), {}}},
                                       options))
        out.push_back(std::move(one));
    }
  }
  return out;
}

TEST(MatrixHostile, PapersAreTakenAndMentionNobody) {
  if (!Homeserver::available()) GTEST_SKIP() << "no homeserver here; tests/live/run installs one";
  Homeserver server({.push_port = e2e::free_port()});
  Person alice(server, "alice");
  alice.call("PUT", "/profile/" + part(alice.id()) + "/displayname", {{"displayname", "Attention"}});
  config::Matrix settings;
  settings.mode = "appservice";
  settings.homeserver_url = server.base();
  settings.user_id = "@arxivbot:mx.test";
  settings.access_token = config::Secret(kAsToken);
  settings.hs_token = config::Secret(kHsToken);
  Bot bot(settings);
  auto room = alice.create_room({{"preset", "public_chat"}});
  // The bot may notify the room: nothing but the contents keeps it from doing so.
  auto levels = alice.call("GET", "/rooms/" + part(room) + "/state/m.room.power_levels/").body;
  levels["users"][settings.user_id] = 60;
  model::Target target{"matrix", {}, room, {}};
  // The first send makes the account; it is refused, for the bot is not in the room.
  auto first = hostile_messages(bot.platform()).front();
  bot.run(bot.platform().send({target, "start", first, {}}));
  alice.set_state(room, "m.room.power_levels", levels);
  Ask join{"POST",
           "/_matrix/client/v3/join/" + part(room) + "?user_id=" + part(settings.user_id),
           kAsToken,
           Json::object(),
           {}};
  ASSERT_EQ(exchange(server.port(), join).status, 200);
  int number = 0;
  model::RemoteId root;
  for (auto& message : hostile_messages(bot.platform())) {
    adapters::SendRequest request{target, model::DeliveryKey("key" + std::to_string(++number)), message,
                                  message.in_thread ? root : model::RemoteId()};
    auto outcome = bot.run(bot.platform().send(request));
    for (int waits = 0; waits < 20 && std::holds_alternative<adapters::NotSent>(outcome); ++waits) {
      auto wait = std::get<adapters::NotSent>(outcome).retry_after.value_or(std::chrono::milliseconds(100));
      std::this_thread::sleep_for(wait);  // the adapter's own pace
      outcome = bot.run(bot.platform().send(request));
    }
    auto* sent = std::get_if<adapters::Sent>(&outcome);
    ASSERT_NE(sent, nullptr) << message.body.substr(0, 500);
    if (!message.in_thread) root = sent->remote_id;
    EXPECT_EQ(fakes::content_faults(bot.platform().request_body(request), true), std::vector<std::string>())
        << message.body.substr(0, 500);
  }
  EXPECT_GT(number, 100);
  auto sync = alice.call("GET", "/sync?timeout=0").body;
  auto unread = sync["rooms"]["join"][room]["unread_notifications"];
  EXPECT_EQ(unread["highlight_count"], 0) << unread;
  auto notifications = alice.call("GET", "/notifications?only=highlight").body;
  EXPECT_EQ(notifications["notifications"].size(), 0U);
}

}  // namespace
}  // namespace broadsheet::live
