// The adapter over real HTTP against a strict Bot API on loopback.
#include <gtest/gtest.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <thread>

#include "bot/net/client.hpp"
#include "bot/net/router.hpp"
#include "support.hpp"
#include "tests/fakes/fake_telegram.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::Absent;
using adapters::CannotTell;
using adapters::FindOutcome;
using adapters::Found;
using adapters::NotSent;
using adapters::RefusalClass;
using adapters::Refused;
using adapters::SendOutcome;
using adapters::Sent;
using adapters::Unknown;
using fakes::ChatKind;
using fakes::FakeTelegram;
using fakes::Standing;
using namespace test;
using namespace boost::asio::experimental::awaitable_operators;

constexpr std::int64_t kGroup = -1001000000001;
constexpr std::int64_t kPerson = 1001;

struct Live {
  SystemClock clock;
  FakeTelegram fake{clock, [] {
                      FakeTelegram::Options options;
                      options.limits_scale = 0;
                      return options;
                    }()};
  Loop loop;
  async::Offload resolver{1};
  http::Client client{loop.context.get_executor(), resolver, clock, {}};
  MemoryState state;
  KeepingSink sink;
  std::unique_ptr<Telegram> platform = fresh();

  Live() {
    fakes::TelegramChat group;
    group.id = kGroup;
    group.kind = ChatKind::supergroup;
    group.bot = Standing::administrator;
    group.members[kPerson] = Standing::member;
    fake.add_chat(group);
    fakes::TelegramChat person;
    person.id = kPerson;
    fake.add_chat(person);
  }
  ~Live() {
    client.close_idle();
    loop.drain();
  }

  // As after a restart: nothing is known but what the state holds.
  std::unique_ptr<Telegram> fresh(const std::string& mode = "poll", TelegramOptions options = {}) {
    auto with = settings(mode, fake.base());
    with.token = config::Secret(fake.token());
    options.probe.pause = std::chrono::milliseconds(0);
    return std::make_unique<Telegram>(with, client, clock, state, std::move(options));
  }
  SendOutcome send(adapters::SendRequest request) {
    SendOutcome out;
    loop.run([](Live& l, SendOutcome& o, adapters::SendRequest r) -> awaitable<void> {
      o = co_await l.platform->send(std::move(r));
    }(*this, out, std::move(request)));
    return out;
  }
  FindOutcome find(const adapters::SendRequest& sent, const model::RemoteId& last, std::optional<Moment> since = {}) {
    FindOutcome out;
    adapters::FindRequest request{sent.target, sent.key, sent.message, {}, since.value_or(clock.now()), last, {}};
    loop.run([](Live& l, FindOutcome& o, adapters::FindRequest r) -> awaitable<void> {
      o = co_await l.platform->find_sent(std::move(r));
    }(*this, out, std::move(request)));
    return out;
  }
  void run_until(const std::function<bool()>& done) {
    loop.run([](Live& l, std::function<bool()> finished) -> awaitable<void> {
      auto wait = [](std::function<bool()> f) -> awaitable<void> {
        SystemClock clock;
        // In real time: the fake answers over sockets, from its own thread.
        while (!f()) co_await async::sleep_for(clock, std::chrono::milliseconds(2));
      };
      co_await (l.platform->run(l.sink) || wait(std::move(finished)));
    }(*this, done));
  }
};

adapters::SendRequest keyed(char digit, const std::string& where = "telegram:-1001000000001") {
  auto out = a_card(where);
  out.key = model::DeliveryKey(std::string(32, digit));
  return out;
}

TEST(TelegramLive, AMessageStandsAsItWasRendered) {
  Live live;
  auto outcome = live.send(a_card());
  ASSERT_TRUE(std::holds_alternative<Sent>(outcome));
  auto seen = live.fake.visible(kGroup);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(std::get<Sent>(outcome).remote_id, std::to_string(seen[0].id));
  EXPECT_EQ(seen[0].content.text, a_card().message.preview);
  EXPECT_TRUE(live.fake.auto_links().empty());
  EXPECT_TRUE(live.fake.violations().empty());
}

TEST(TelegramLive, A429IsObeyed) {
  Live live;
  live.fake.fault({"429", "sendMessage", kGroup, 1, 2, 0});
  auto outcome = live.send(a_card());
  ASSERT_TRUE(std::holds_alternative<NotSent>(outcome));
  EXPECT_EQ(std::get<NotSent>(outcome).retry_after, std::chrono::milliseconds(2000));
}

TEST(TelegramLive, AMigrationIsFollowed) {
  Live live;
  fakes::TelegramChat old;
  old.id = -4001;
  old.kind = ChatKind::group;
  live.fake.add_chat(old);
  live.fake.migrate(-4001, -1004000000004);
  auto outcome = live.send(a_card("telegram:-4001"));
  ASSERT_TRUE(std::holds_alternative<Refused>(outcome));
  ASSERT_TRUE(std::get<Refused>(outcome).moved_to);
  auto again = a_card();
  again.target = *std::get<Refused>(outcome).moved_to;
  EXPECT_TRUE(std::holds_alternative<Sent>(live.send(again)));
}

TEST(TelegramLive, WhoBlockedTheBotIsATargetThatIsOff) {
  Live live;
  live.fake.stand(kPerson, 0, Standing::kicked);
  auto outcome = live.send(a_card("telegram:1001"));
  ASSERT_TRUE(std::holds_alternative<Refused>(outcome));
  EXPECT_EQ(std::get<Refused>(outcome).refusal, RefusalClass::target);
}

// Cut before, in and after the commit: the outcome is unknown, recovery tells, and nothing stands twice.
TEST(TelegramLive, ACutLeavesNoDuplicateAndNoLoss) {
  for (const char* fault : {"reset_before", "reset_after", "500_before", "500_after", "cut_body", "502_after",
                            "wrong_json", "empty", "no_result"}) {
    Live live;
    auto first = live.send(keyed('a'));
    ASSERT_TRUE(std::holds_alternative<Sent>(first));
    auto last = std::get<Sent>(first).remote_id;
    live.fake.say(kGroup, kPerson, "somebody talks in between");
    live.fake.fault({fault, "sendMessage", kGroup, 1, 1, 0});
    auto request = keyed('b');
    ASSERT_TRUE(std::holds_alternative<Unknown>(live.send(request))) << fault;
    live.fake.heal();
    live.fake.say(kGroup, kPerson, "and afterwards");
    live.platform = live.fresh();  // the process died as well
    auto found = live.find(request, last);
    if (std::holds_alternative<Absent>(found))
      EXPECT_TRUE(std::holds_alternative<Sent>(live.send(request))) << fault;
    else
      EXPECT_TRUE(std::holds_alternative<Found>(found)) << fault;
    auto seen = live.fake.visible(kGroup);
    auto copies =
        std::count_if(seen.begin(), seen.end(), [](const auto& m) { return m.key.starts_with(std::string(32, 'b')); });
    EXPECT_EQ(copies, 1) << fault;
  }
}

// A chat that was answered before its first post: recovery knows where to begin, also after a restart.
TEST(TelegramLive, AFirstPostIsFoundAfterAnAnswer) {
  Live live;
  adapters::ReplyRequest answer;
  answer.to.target = target("telegram:-1001000000001");
  answer.message = a_card().message;
  answer.visibility = model::Visibility::channel;
  live.loop.run([](Live& l, adapters::ReplyRequest r) -> awaitable<void> {
    auto done = co_await l.platform->reply(std::move(r));
    EXPECT_TRUE(std::holds_alternative<Sent>(done));
  }(live, answer));
  live.fake.fault({"reset_after", "sendMessage", kGroup, 1, 1, 0});
  std::this_thread::sleep_for(std::chrono::milliseconds(5));  // the answer is of an earlier moment than the post
  auto request = keyed('b');
  auto since = live.clock.now();
  ASSERT_TRUE(std::holds_alternative<Unknown>(live.send(request)));
  live.fake.heal();
  live.platform = live.fresh();
  EXPECT_TRUE(std::holds_alternative<Found>(live.find(request, {}, since)));
  auto too_early = live.find(request, {}, since - std::chrono::hours(1));
  EXPECT_TRUE(std::holds_alternative<CannotTell>(too_early)) << "the answer may stand after what is looked for";
}

TEST(TelegramLive, NobodyListensMeansSurelyNotSent) {
  Live live;
  live.platform = std::make_unique<Telegram>(settings("poll", "http://127.0.0.1:1"), live.client, live.clock,
                                             live.state, TelegramOptions{});
  EXPECT_TRUE(std::holds_alternative<NotSent>(live.send(a_card())));
}

TEST(TelegramLive, PollingTakesEachCommandOnceOverARestart) {
  Live live;
  live.fake.say(kPerson, kPerson, "/digest cs.CL");
  live.run_until([&] { return live.sink.events.size() == 1; });
  live.fake.say(kGroup, kPerson, "/help@broadsheet_test_bot");
  live.platform = live.fresh();
  live.run_until([&] { return live.sink.events.size() == 2; });
  EXPECT_EQ(std::get<model::CommandEvent>(live.sink.events[0]).text, "digest cs.CL");
  EXPECT_EQ(std::get<model::CommandEvent>(live.sink.events[1]).text, "help");
  EXPECT_EQ(live.fake.pending_updates(), 0U) << "confirmed on the way out";
}

TEST(TelegramLive, APressedButtonIsAnsweredAndUnderstood) {
  Live live;
  auto sent = live.send(a_card());
  auto id = std::stoi(std::get<Sent>(sent).remote_id.str());
  auto seen = live.fake.visible(kGroup);
  auto query = live.fake.press(kGroup, id, kPerson, seen.at(0).key);
  ASSERT_FALSE(query.empty());
  live.run_until([&] { return !live.sink.events.empty() && live.fake.callback_answer(query); });
  const auto& event = std::get<model::CommandEvent>(live.sink.events[0]);
  ASSERT_TRUE(event.button);
  EXPECT_EQ(event.button->action, doc::Action::details);
  EXPECT_EQ(event.button_key, kKey);
}

TEST(TelegramLive, EveryFormattedMessageIsAccepted) {
  Live live;
  doc::Document document{
      {doc::Heading{1, {doc::Text{"cs.AI · 😀 عنوان @everyone", doc::Emphasis::none}}},
       doc::ListBlock{{{doc::Text{"#tag /command main.py https://evil.example.org", doc::Emphasis::strong}}}, true, 0},
       doc::Quote{{doc::Math{"x²", "x^2"}}, 0}, doc::CodeBlock{"int x;\n\ty;", "cpp", 0}}};
  auto request = a_card();
  request.message = render({{model::PartKind::notice, document, {}}}, {}).at(0);
  EXPECT_TRUE(std::holds_alternative<Sent>(live.send(request)));
  EXPECT_TRUE(live.fake.auto_links().empty());
}

}  // namespace
}  // namespace broadsheet::telegram
