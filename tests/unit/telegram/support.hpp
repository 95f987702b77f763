// The other side of the adapter for tests: a transport that answers by a script, a state in memory, a sink that keeps
// what it gets.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/telegram/render.hpp"
#include "adapters/telegram/telegram.hpp"
#include "tests/unit/net/loop.hpp"

namespace broadsheet::telegram::test {

using broadsheet::test::Loop;
using nlohmann::json;

inline constexpr const char* kToken = "1000:INVENTED-SECRET";

struct Call {
  std::string method, url;
  json body;
};

// Answers in order; the last answer stays.
class ScriptedTransport final : public http::Transport {
 public:
  using Answer = std::function<http::Outcome(const Call&)>;

  void then(Answer answer) { answers_.push_back(std::move(answer)); }
  void then_ok(const json& result) {
    then([result](const Call&) { return http::Response{200, {}, json{{"ok", true}, {"result", result}}.dump()}; });
  }
  void then_refuse(int code, const std::string& description, const json& parameters = nullptr) {
    then([=](const Call&) {
      json body = {{"ok", false}, {"error_code", code}, {"description", description}};
      if (!parameters.is_null()) body["parameters"] = parameters;
      return http::Response{code, {}, body.dump()};
    });
  }
  void then_fail(http::Reached reached) {
    then([reached](const Call& call) {
      return http::TransportError{Error(ErrorKind::transient, "reset while asking " + call.url), reached};
    });
  }

  awaitable<http::Outcome> send(http::Request request) override {
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    Call call{request.url.substr(request.url.rfind('/') + 1), request.url, json::parse(request.body, nullptr, false)};
    calls.push_back(call);
    if (answers_.empty())
      co_return http::TransportError{Error(ErrorKind::internal, "no answer left"), http::Reached::not_sent};
    auto answer = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    co_return answer(call);
  }

  std::vector<Call> calls;

 private:
  std::deque<Answer> answers_;
};

class MemoryState final : public adapters::State {
 public:
  awaitable<Result<std::optional<std::string>>> get(std::string name) override {
    auto it = values.find(name);
    if (it == values.end()) co_return std::optional<std::string>();
    co_return std::optional<std::string>(it->second);
  }
  awaitable<Status> put(std::string name, std::string value) override {
    values[std::move(name)] = std::move(value);
    co_return Status();
  }
  std::map<std::string, std::string> values;
};

class KeepingSink final : public adapters::EventSink {
 public:
  awaitable<Result<bool>> accept(model::Event event) override {
    if (before) before();
    if (!failures.empty()) {
      auto error = failures.front();
      failures.pop_front();
      co_return error;
    }
    events.push_back(std::move(event));
    co_return true;
  }
  std::vector<model::Event> events;
  std::deque<Error> failures;
  std::function<void()> before;
};

inline config::Telegram settings(const std::string& mode = "poll", const std::string& api = "https://api.example.org") {
  config::Telegram out;
  out.mode = mode;
  out.api_url = api;
  out.token = config::Secret(kToken);
  out.webhook_secret = config::Secret("a-webhook-secret");
  return out;
}

struct Rig {
  explicit Rig(const std::string& mode = "poll", TelegramOptions options = {}) {
    options.probe.pause = std::chrono::milliseconds(0);
    platform = std::make_unique<Telegram>(settings(mode), transport, clock, state, std::move(options));
  }
  Loop loop;
  ManualClock clock{broadsheet::test::some_moment()};
  ScriptedTransport transport;
  MemoryState state;
  KeepingSink sink;
  std::unique_ptr<Telegram> platform;

  adapters::SendOutcome send(adapters::SendRequest request) {
    adapters::SendOutcome out;
    loop.run([&]() -> awaitable<void> { out = co_await platform->send(std::move(request)); }());
    return out;
  }
};

inline const std::string kKey = "0123456789abcdef0123456789abcdef";

inline model::Target target(const std::string& text) {
  return *model::Target::parse(text);
}

inline adapters::SendRequest a_card(const std::string& where = "telegram:-1001000000001") {
  doc::Document document{{doc::Paragraph{{doc::Text{"Robots walk.", doc::Emphasis::strong}}, 0}}};
  auto id = *PaperId::parse("2401.12345");
  auto messages = render({{model::PartKind::card, std::move(document), id}}, {});
  return {target(where), model::DeliveryKey(kKey), messages.at(0), {}};
}

}  // namespace broadsheet::telegram::test
