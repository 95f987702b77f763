// Calls of the Web API: classes of answers, sending, recovery, private answers.
#include <gtest/gtest.h>

#include "adapters/slack/blocks.hpp"
#include "adapters/slack/outcome.hpp"
#include "rig.hpp"
#include "vectors.hpp"

namespace broadsheet::slack {
namespace {

using adapters::Absent;
using adapters::CannotTell;
using adapters::FindRequest;
using adapters::Found;
using adapters::NotSent;
using adapters::RefusalClass;
using adapters::Refused;
using adapters::ReplyRequest;
using adapters::SendOutcome;
using adapters::Sent;
using adapters::Unknown;

const std::string kKey(32, 'a');
const std::string kOther(32, 'b');

FindRequest looking_for(const std::string& key, Moment since, const model::RemoteId& thread = {}) {
  FindRequest out;
  out.target = channel();
  out.key = model::DeliveryKey(key);
  out.since = since;
  out.thread = thread;
  return out;
}

TEST(Answers, HaveTheContractsClasses) {
  SLACK_VECTORS_OR_SKIP(vectors);
  std::size_t checked = 0;
  for (const auto& v : vectors["api_replies"]) {
    http::Response response;
    response.status = v["status"];
    if (v.contains("headers"))
      for (const auto& [name, value] : v["headers"].items())
        response.headers.emplace_back(name, value.get<std::string>());
    response.body = v["body"].is_string() ? v["body"].get<std::string>() : v["body"].dump();
    auto thread = v.contains("request") ? v["request"].value("thread_ts", "") : std::string();
    auto answer = classify(response, thread);
    EXPECT_EQ(to_string(answer.kind), v["class"].get<std::string>()) << v["body"];
    if (v["class"] == "rate_limited") EXPECT_GE(answer.retry_after->count(), 1000) << v["body"];
    ++checked;
  }
  EXPECT_GE(checked, 70U);
}

TEST(Answers, OfABrokenConnectionAreAmbiguousOnlyWhenEverythingWasSent) {
  auto kind = [](http::Reached reached) {
    return classify(http::TransportError(Error(ErrorKind::unavailable, "reset"), reached)).kind;
  };
  EXPECT_EQ(kind(http::Reached::not_sent), AnswerClass::transient);
  EXPECT_EQ(kind(http::Reached::partly_sent), AnswerClass::transient);
  EXPECT_EQ(kind(http::Reached::sent), AnswerClass::ambiguous);
}

TEST(Answers, TrustRetryAfterOnlyAsFarAsItIsANumber) {
  auto wait = [](const std::string& value) {
    http::Response r{429, {{"Retry-After", value}}, ""};
    return classify(r).retry_after->count();
  };
  EXPECT_EQ(wait("7"), 7000);
  EXPECT_EQ(wait("0"), 1000);
  EXPECT_EQ(wait("-5"), 30000);
  EXPECT_EQ(wait("soon"), 30000);
  EXPECT_EQ(wait("99999999999999999999"), 30000);
  EXPECT_EQ(wait("7200"), 7200000);
}

TEST(Sending, PostsOnceWithKeyThreadAndNoUnfurls) {
  Rig rig;
  auto first = rig.get(rig.slack->send(a_message(kKey)));
  auto* sent = std::get_if<Sent>(&first);
  ASSERT_NE(sent, nullptr);
  auto second = rig.get(rig.slack->send(a_message(kOther, sent->remote_id)));
  ASSERT_TRUE(std::holds_alternative<Sent>(second));
  auto posted = rig.fake.posted();
  ASSERT_EQ(posted.size(), 2U);
  EXPECT_EQ(posted[0].key, kKey);
  EXPECT_EQ(posted[1].thread_ts, sent->remote_id);
  EXPECT_EQ(posted[1].body["unfurl_links"], false);
}

TEST(Sending, WritesExactlyWhatRequestBodyShows) {
  Rig rig;
  auto request = a_message(kKey);
  rig.get(rig.slack->send(request));
  EXPECT_EQ(nlohmann::json::parse(rig.slack->request_body(request)), rig.fake.posted()[0].body);
}

TEST(Sending, WaitsAsToldAfter429) {
  Rig rig;
  fakes::Reply limited;
  limited.status = 429;
  limited.headers = {{"Retry-After", "3"}};
  rig.fake.answer_next("chat.postMessage", limited);
  auto out = rig.get(rig.slack->send(a_message(kKey)));
  auto* waiting = std::get_if<NotSent>(&out);
  ASSERT_NE(waiting, nullptr);
  EXPECT_EQ(waiting->retry_after, std::chrono::seconds(3));
  EXPECT_EQ(waiting->bucket, "");
  out = rig.get(rig.slack->send(a_message(kKey)));
  EXPECT_GT(std::get<NotSent>(out).retry_after.value_or(std::chrono::seconds(0)), std::chrono::seconds(2));
  EXPECT_EQ(rig.fake.calls("chat.postMessage"), 1U) << "that channel is not asked again inside its wait";
  auto elsewhere = a_message(kKey);
  elsewhere.target = channel("C0OTHER");
  rig.fake.fail_next("chat.postMessage", "message_limit_exceeded");
  out = rig.get(rig.slack->send(elsewhere));
  EXPECT_EQ(std::get<NotSent>(out).bucket, "workspace:T0TEAM");
  EXPECT_TRUE(rig.fake.posted().empty());
}

TEST(Sending, SaysWhoseFaultARefusalIs) {
  Rig rig;
  auto refused = [&](const std::string& code) {
    rig.fake.fail_next("chat.postMessage", code);
    auto out = rig.get(rig.slack->send(a_message(kKey)));
    auto* r = std::get_if<Refused>(&out);
    return r == nullptr ? std::string("not refused") : std::string(to_string(r->refusal));
  };
  EXPECT_EQ(refused("is_archived"), "target");
  EXPECT_EQ(refused("restricted_action_something_new"), "target");
  EXPECT_EQ(refused("token_revoked"), "installation");
  EXPECT_NE(rig.slack->trouble(), "");
  EXPECT_EQ(refused("msg_too_long"), "message");
  EXPECT_EQ(refused("some_error_of_next_year"), "message");
  EXPECT_EQ(rig.fake.calls("chat.postMessage"), 5U) << "no refusal is tried again";
}

TEST(Sending, FallsBackToPlainTextOnceWhenBlocksAreRefused) {
  Rig rig;
  rig.fake.fail_next("chat.postMessage", "invalid_blocks");
  auto out = rig.get(rig.slack->send(a_message(kKey)));
  EXPECT_TRUE(std::holds_alternative<Sent>(out));
  ASSERT_EQ(rig.fake.posted().size(), 1U);
  EXPECT_FALSE(rig.fake.posted()[0].body.contains("blocks"));
  EXPECT_EQ(rig.fake.posted()[0].key, kKey);
}

TEST(Sending, LeavesNoCardAtTopLevelWhenItsSummaryWasDeleted) {
  Rig rig;
  auto parent = std::get<Sent>(rig.get(rig.slack->send(a_message(kKey)))).remote_id;
  rig.fake.remove_message(parent.str());
  auto out = rig.get(rig.slack->send(a_message(kOther, parent)));
  ASSERT_TRUE(std::holds_alternative<Refused>(out));
  ASSERT_EQ(rig.fake.posted().size(), 2U);
  EXPECT_TRUE(rig.fake.posted()[1].deleted);
  EXPECT_EQ(rig.fake.calls("chat.delete"), 1U);
}

TEST(Sending, KnowsOnlyItsOwnWorkspace) {
  Rig rig;
  auto request = a_message(kKey);
  request.target = *Target::parse("slack:T0OTHER/C1");
  auto out = rig.get(rig.slack->send(request));
  EXPECT_EQ(std::get<Refused>(out).refusal, RefusalClass::installation);
  EXPECT_EQ(rig.fake.calls("chat.postMessage"), 0U);
}

TEST(Recovery, FindsWhatWasPostedBeforeTheAnswerWasLost) {
  Rig rig;
  auto began = rig.clock.now();
  rig.fake.break_next("chat.postMessage", fakes::Fault::reset_before_answer);
  auto out = rig.get(rig.slack->send(a_message(kKey)));
  ASSERT_TRUE(std::holds_alternative<Unknown>(out));
  for (int i = 0; i < 3; ++i) rig.get(rig.slack->send(a_message(std::string(32, static_cast<char>('c' + i)))));
  auto found = rig.get(rig.slack->find_sent(looking_for(kKey, began)));
  ASSERT_TRUE(std::holds_alternative<Found>(found));
  EXPECT_EQ(std::get<Found>(found).remote_id, rig.fake.posted()[0].ts);
  EXPECT_TRUE(std::holds_alternative<Absent>(rig.get(rig.slack->find_sent(looking_for(kOther, began)))));
}

TEST(Recovery, LooksIntoTheThreadAndRemovesAStrayWhenTheThreadIsGone) {
  Rig rig;
  auto began = rig.clock.now();
  auto parent = std::get<Sent>(rig.get(rig.slack->send(a_message(kKey)))).remote_id;
  rig.fake.break_next("chat.postMessage", fakes::Fault::reset_before_answer);
  rig.get(rig.slack->send(a_message(kOther, parent)));
  auto found = rig.get(rig.slack->find_sent(looking_for(kOther, began, parent)));
  ASSERT_TRUE(std::holds_alternative<Found>(found));
  rig.fake.remove_message(parent.str());
  auto third = std::string(32, 'c');
  rig.fake.break_next("chat.postMessage", fakes::Fault::reset_before_answer);
  rig.get(rig.slack->send(a_message(third, parent)));
  EXPECT_TRUE(std::holds_alternative<Absent>(rig.get(rig.slack->find_sent(looking_for(third, began, parent)))));
  EXPECT_TRUE(rig.fake.posted().back().deleted);
}

TEST(Recovery, NeverTakesAFailureForAbsence) {
  Rig rig;
  auto began = rig.clock.now();
  rig.fake.history_scope(false);
  auto out = rig.get(rig.slack->find_sent(looking_for(kKey, began)));
  ASSERT_TRUE(std::holds_alternative<CannotTell>(out));
  EXPECT_TRUE(std::get<CannotTell>(out).for_good);
  rig.fake.history_scope(true);
  fakes::Reply limited;
  limited.status = 429;
  limited.headers = {{"Retry-After", "60"}};
  rig.fake.answer_next("conversations.history", limited);
  out = rig.get(rig.slack->find_sent(looking_for(kKey, began)));
  ASSERT_TRUE(std::holds_alternative<CannotTell>(out));
  EXPECT_FALSE(std::get<CannotTell>(out).for_good);
  EXPECT_EQ(std::get<CannotTell>(out).retry_after, std::chrono::seconds(60));
  fakes::Reply html;
  html.status = 502;
  html.body = "<html>";
  rig.fake.answer_next("conversations.history", html);
  EXPECT_TRUE(std::holds_alternative<CannotTell>(rig.get(rig.slack->find_sent(looking_for(kKey, began)))));
}

TEST(Editing, ChangesOurMessageAndSaysWhenItIsGone) {
  Rig rig;
  auto ts = std::get<Sent>(rig.get(rig.slack->send(a_message(kKey)))).remote_id;
  auto changed = a_message(kKey, {}, "changed").message;
  EXPECT_TRUE(std::holds_alternative<Sent>(rig.get(rig.slack->edit(channel(), ts, changed))));
  EXPECT_EQ(rig.fake.posted()[0].text, "changed");
  rig.fake.remove_message(ts.str());
  EXPECT_TRUE(std::holds_alternative<Refused>(rig.get(rig.slack->edit(channel(), ts, changed))));
}

ReplyRequest an_answer(const Rig& rig, const std::string& url) {
  ReplyRequest out;
  out.to.target = channel();
  out.to.handle = url;
  out.to.who.id = "U0READER";
  out.to.received = rig.clock.now();
  out.message.body = R"({"text":"only for you"})";
  return out;
}

TEST(Replies, UseTheResponseUrlFiveTimesAndThenAnEphemeralMessage) {
  Rig rig;
  auto request = an_answer(rig, rig.fake.response_url());
  for (int i = 0; i < 7; ++i) EXPECT_TRUE(std::holds_alternative<Sent>(rig.get(rig.slack->reply(request)))) << i;
  EXPECT_EQ(rig.fake.calls("response_url"), 5U);
  EXPECT_EQ(rig.fake.calls("chat.postEphemeral"), 2U);
  EXPECT_EQ(rig.fake.ephemeral().back().user, "U0READER");
  EXPECT_TRUE(rig.fake.posted().empty()) << "nothing private in public";
}

TEST(Replies, NeverUseAnOldUrlAnUncountedOneOrAForeignHost) {
  Rig rig;
  auto old = an_answer(rig, rig.fake.response_url());
  old.to.received = rig.clock.now() - std::chrono::minutes(31);
  rig.get(rig.slack->reply(old));
  auto before_start = an_answer(rig, rig.fake.response_url());
  before_start.to.received = rig.clock.now() - std::chrono::minutes(1);
  rig.get(rig.slack->reply(before_start));
  for (const char* url : {"http://169.254.169.254/latest", "https://hooks.slack.com.evil.example/x",
                          "file:///etc/passwd", "http://127.0.0.1:1/x"}) {
    auto forged = an_answer(rig, url);
    EXPECT_TRUE(std::holds_alternative<Sent>(rig.get(rig.slack->reply(forged)))) << url;
  }
  EXPECT_EQ(rig.fake.calls("response_url"), 0U);
  EXPECT_EQ(rig.fake.ephemeral().size(), 6U);
}

TEST(Replies, GoToAConversationWhereTheBotIsNotAndSayWhenEvenThatFails) {
  Rig rig;
  rig.fake.member_of("C0PAPERS", false);
  auto request = an_answer(rig, {});
  EXPECT_TRUE(std::holds_alternative<Sent>(rig.get(rig.slack->reply(request))));
  EXPECT_EQ(rig.fake.posted().back().channel, "U0READER");
  rig.fake.member_of("U0READER", false);
  auto out = rig.get(rig.slack->reply(request));
  EXPECT_EQ(std::get<Refused>(out).refusal, RefusalClass::private_undeliverable);
  EXPECT_EQ(rig.fake.posted().size(), 1U);
}

TEST(Replies, ThatCannotReachThePersonSaySoInsteadOfVanishing) {
  for (const char* code : {"channel_not_found", "missing_scope", "cannot_dm_bot", "user_disabled"}) {
    Rig rig;
    rig.fake.fail_next("chat.postEphemeral", "user_not_in_channel");
    rig.fake.fail_next("chat.postMessage", code);
    auto out = rig.get(rig.slack->reply(an_answer(rig, {})));
    auto* refused = std::get_if<Refused>(&out);
    ASSERT_NE(refused, nullptr) << code;
    EXPECT_EQ(refused->refusal, adapters::RefusalClass::private_undeliverable) << code;
  }
}

TEST(Replies, ReachAChannelTheBotIsNotInThroughTheResponseUrl) {
  Rig rig;
  rig.fake.member_of("C0PAPERS", false);
  auto request = an_answer(rig, rig.fake.response_url());
  request.visibility = model::Visibility::channel;
  request.key = model::DeliveryKey(kKey);
  EXPECT_TRUE(std::holds_alternative<Sent>(rig.get(rig.slack->reply(request))));
  EXPECT_EQ(rig.fake.posted().back().body["response_type"], "in_channel");
}

TEST(Roles, ComeFromTheWorkspaceAndTheChannel) {
  Rig rig;
  auto role = [&](const std::string& user, const std::string& where = "C0PAPERS") {
    return *rig.get(rig.slack->role_of({user, {}, {}, model::Role::unknown}, channel(where)));
  };
  EXPECT_EQ(role("U0ADMIN"), model::Role::manager);
  EXPECT_EQ(role("U0CREATOR"), model::Role::manager);
  EXPECT_EQ(role("U0READER"), model::Role::member);
  EXPECT_EQ(role("U0GUEST"), model::Role::guest);
  auto own = rig.slack->role_of({"U0READER", {}, {}, model::Role::member}, channel("D0DIRECT"));
  EXPECT_EQ(*rig.get(std::move(own)), model::Role::manager);
}

TEST(Roles, OfAPrivateChannelAreItsMembersAlone) {
  Rig rig;
  rig.fake.private_channel("C0PRIVATE", {"U0INSIDE", "U0CREATOR", "U0BOT"});
  rig.fake.private_channel("D0OTHER", {"U0INSIDE", "U0BOT"});
  auto role = [&](const std::string& user, const std::string& where, model::Role proven = model::Role::unknown) {
    return *rig.get(rig.slack->role_of({user, {}, {}, proven}, channel(where)));
  };
  EXPECT_EQ(role("U0READER", "C0PRIVATE"), model::Role::guest);
  EXPECT_EQ(role("U0ADMIN", "C0PRIVATE"), model::Role::guest) << "not even for who runs the workspace";
  EXPECT_EQ(role("U0INSIDE", "C0PRIVATE"), model::Role::member);
  EXPECT_EQ(role("U0CREATOR", "C0PRIVATE"), model::Role::manager);
  EXPECT_EQ(role("U0READER", "D0OTHER"), model::Role::guest) << "somebody else's conversation with the bot";
  rig.fake.refuse_channel("C0HIDDEN", "channel_not_found");
  EXPECT_EQ(role("U0READER", "C0HIDDEN"), model::Role::guest) << "what Slack does not show us proves nothing";
  EXPECT_EQ(role("U0READER", "C0HIDDEN", model::Role::member), model::Role::member) << "it was typed there";
}

// A team comes at once: one question about the channel, one about each person, and none while Slack said to wait.
TEST(Roles, AreAskedOnceForAllAndNeverInsideAWait) {
  Rig rig;
  rig.fake.keep_limits();
  rig.fake.limit_method("users.info", 1, 1);
  std::size_t members = 0;
  constexpr int kTeam = 58;
  rig.loop.run([](Rig& r, std::size_t& count) -> boost::asio::awaitable<void> {
    async::TaskGroup group(co_await boost::asio::this_coro::executor);
    for (int i = 0; i < kTeam; ++i)
      group.spawn("who", [](Rig& in, int n, std::size_t& good) -> boost::asio::awaitable<void> {
        auto role = co_await in.slack->role_of({"U" + std::to_string(n), {}, {}, model::Role::member}, channel());
        good += role && *role == model::Role::member ? 1 : 0;
      }(r, i, count));
    co_await group.join();
  }(rig, members));
  EXPECT_EQ(members, static_cast<std::size_t>(kTeam));
  EXPECT_EQ(rig.fake.calls("conversations.info"), 1U);
  EXPECT_LE(rig.fake.calls("users.info"), static_cast<std::size_t>(kTeam) + 1);
  // What was told is obeyed by the next questions too; the fake counts calls inside a wait as faults.
  rig.fake.limit_method("users.info", 60, 1);
  auto first = rig.get(rig.slack->role_of({"U0NEXT", {}, {}, model::Role::member}, channel()));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind(), ErrorKind::rate_limited);
  auto asked = rig.fake.calls("users.info");
  auto second = rig.get(rig.slack->role_of({"U0LAST", {}, {}, model::Role::member}, channel()));
  ASSERT_FALSE(second);
  EXPECT_GT(second.error().retry_after().value_or(std::chrono::milliseconds(0)), std::chrono::seconds(50));
  EXPECT_EQ(rig.fake.calls("users.info"), asked);
}

TEST(Hindrance, IsToldBeforeAnythingIsPosted) {
  Rig rig;
  rig.fake.private_channel("C0WITHOUT", {"U0INSIDE"});
  rig.fake.refuse_channel("C0HIDDEN", "channel_not_found");
  rig.fake.archive("C0OLD");
  auto of = [&](const std::string& where) { return rig.get(rig.slack->hindrance(channel(where))); };
  EXPECT_FALSE(of("C0PAPERS"));
  EXPECT_EQ(of("C0WITHOUT").value().fix, "invite the app to the channel");
  EXPECT_EQ(of("C0HIDDEN").value().fix, "invite the app to the channel");
  EXPECT_NE(of("C0OLD").value().fix.find("unarchive"), std::string::npos);
}

TEST(Threads, UnderACardAreAboutItsPaper) {
  Rig rig;
  auto message = [](std::vector<std::string> papers) {
    std::vector<adapters::Part> parts;
    for (const auto& one : papers) {
      doc::Document d{{doc::Paragraph{{doc::Text{"About " + one}}}}};
      parts.push_back({model::PartKind::card, std::move(d), *PaperId::parse(one)});
    }
    return slack::render(parts, {}).at(0);
  };
  auto above = [&](const model::OutgoingMessage& card, const std::string& key) {
    auto request = a_message(key);
    request.message = card;
    auto sent = std::get<Sent>(rig.get(rig.slack->send(request)));
    model::ReplyTo command;
    command.target = channel();
    command.thread = sent.remote_id;
    return rig.get(rig.slack->paper_above(command)).str();
  };
  EXPECT_EQ(above(message({"2601.00001"}), std::string(32, 'a')), "2601.00001");
  EXPECT_EQ(above(message({"2601.00001", "2601.00002"}), std::string(32, 'b')), "") << "which of them?";
}

TEST(Doctor, NamesTheWorkspaceAndAMissingScope) {
  Rig rig;
  auto failing = [&] {
    std::vector<std::string> out;
    for (const auto& check : rig.get(rig.slack->doctor()))
      if (!check.ok) out.push_back(check.what + " → " + check.fix);
    return out;
  };
  EXPECT_EQ(failing(), std::vector<std::string>());
  EXPECT_EQ(rig.get(rig.slack->doctor()).at(0).found, "Team (T0TEAM)");
  rig.fake.scopes("commands,chat:write,users:read");
  auto missing = failing();
  EXPECT_EQ(missing.size(), 8U) << missing.front();
  rig.fake.scopes("chat:write");
  EXPECT_NE(failing().at(0).find("slack scopes → take the printed manifest"), std::string::npos);
  rig.fake.fail_next("apps.connections.open", "invalid_auth");
  EXPECT_NE(failing().back().find("slack app token"), std::string::npos);
}

}  // namespace
}  // namespace broadsheet::slack
