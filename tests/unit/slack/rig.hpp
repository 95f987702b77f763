// The adapter against the fake Slack: a loop, a client, doors that remember.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "../../fakes/fake_slack.hpp"
#include "../net/loop.hpp"
#include "adapters/slack/slack.hpp"
#include "bot/net/client.hpp"
#include "bot/net/websocket.hpp"

namespace broadsheet::slack {

using model::Target;

inline Target channel(const std::string& id = "C0PAPERS") {
  return *Target::parse("slack:T0TEAM/" + id);
}

class MapState final : public adapters::State {
 public:
  adapters::awaitable<Result<std::optional<std::string>>> get(std::string name) override {
    auto found = rows.find(name);
    co_return found == rows.end() ? std::optional<std::string>() : std::optional(found->second);
  }
  adapters::awaitable<Status> put(std::string name, std::string value) override {
    rows[name] = std::move(value);
    co_return Status();
  }
  std::map<std::string, std::string> rows;
};

class Sink final : public adapters::EventSink {
 public:
  adapters::awaitable<Result<bool>> accept(model::Event event) override {
    if (broken) co_return Error(ErrorKind::no_space, "the disk is full");
    auto id = std::visit([](const auto& e) { return e.id; }, event);
    bool first = seen.insert(id).second;
    if (first) events.push_back(std::move(event));
    co_return first;
  }
  adapters::awaitable<std::shared_ptr<const model::OutgoingMessage>> at_once(
      const model::CommandEvent& event) override {
    bool known = event.from.who.role >= model::Role::member && event.text.starts_with("paper ");
    co_return known ? std::make_shared<const model::OutgoingMessage>(look_up) : nullptr;
  }
  model::OutgoingMessage look_up;  // to members who ask for a paper
  bool broken = false;
  std::set<std::string> seen;
  std::vector<model::Event> events;
};

struct Rig {
  explicit Rig(std::string mode = "socket", bool oauth = false) : settings(configured(std::move(mode), oauth)) {
    auto made = Slack::make(settings, "https://bot.example.org", {client, sockets, clock, state});
    EXPECT_TRUE(made) << made.error().what();
    slack = std::move(*made);
  }
  ~Rig() {
    client.close_idle();
    loop.drain();
    EXPECT_EQ(fake.faults(), std::vector<std::string>());
  }

  config::Slack configured(std::string mode, bool oauth) const {
    config::Slack s;
    s.mode = std::move(mode);
    s.api_url = fake.api();
    s.hooks_url = fake.hooks();
    s.app_token = config::Secret("xapp-fake");
    s.signing_secrets = {config::Secret("signing")};
    if (!oauth) s.bot_token = config::Secret("xoxb-fake");
    if (oauth) {
      s.client_id = "1.2";
      s.client_secret = config::Secret("client secret");
    }
    return s;
  }

  template <class T>
  T get(boost::asio::awaitable<T> task) {
    std::optional<T> out;
    loop.run(keep(std::move(task), out));
    return std::move(*out);
  }

  // Lets the loop run until it holds, at most two seconds; in real time, as the fake answers over sockets.
  boost::asio::awaitable<bool> until(std::function<bool()> holds) {
    for (int i = 0; i < 400 && !holds(); ++i) co_await async::sleep_for(real, std::chrono::milliseconds(5));
    co_return holds();
  }

  test::Loop loop;
  SystemClock real;
  SystemClock clock;
  fakes::FakeSlack fake;
  async::Offload resolver{1};
  http::Client client{loop.context.get_executor(), resolver, clock, {"test", true, {}, {}}};
  http::WebSocketClient sockets{loop.context.get_executor(), resolver, clock, {"test", true, {}, {}}};
  MapState state;
  Sink sink;
  config::Slack settings;
  std::unique_ptr<Slack> slack;

 private:
  template <class T>
  static boost::asio::awaitable<void> keep(boost::asio::awaitable<T> task, std::optional<T>& out) {
    out = co_await std::move(task);
  }
};

inline adapters::SendRequest a_message(const std::string& key, const model::RemoteId& thread = {},
                                       const std::string& text = "hello") {
  adapters::SendRequest out;
  out.target = channel();
  out.key = model::DeliveryKey(key);
  out.message.body = R"({"text":")" + text + R"(","blocks":[{"type":"divider"}]})";
  out.thread = thread;
  return out;
}

}  // namespace broadsheet::slack
