// A platform in memory: every message it executes is visible, every fault can be told, and it never forgets a key.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::delivery {

struct Visible {
  model::Target target;
  model::DeliveryKey key;
  std::string body;
  model::RemoteId thread;
  SteadyMoment at{};
};

class ToyPlatform : public adapters::Platform {
 public:
  enum class Fault : std::uint8_t {
    none,
    lost_before,
    lost_answer,
    wait,
    refuse_target,
    refuse_message,
    moved,
    revoked,
    refused,
    thrown
  };
  struct Told {
    Fault fault = Fault::none;
    std::chrono::milliseconds wait{0};
    std::string bucket;
    model::Target moved_to;
  };

  explicit ToyPlatform(Clock& clock) : clock_(clock) {}
  std::vector<Visible> visible;
  std::function<Told(const adapters::SendRequest&)> fault = [](const adapters::SendRequest&) { return Told{}; };
  std::chrono::milliseconds latency{0};
  std::vector<adapters::Pace> shared{{"bot", 1000, 30}};
  adapters::Pace chat{"", 1000, 3};
  adapters::Capabilities can{
      .threads = true, .read_back = true, .quiet = std::chrono::seconds(1), .request_timeout = std::chrono::seconds(1)};
  bool can_read = true;
  int failing_reads = 0;                      // that many reads end in an error
  model::PlatformName platform = "telegram";  // whose places it serves
  std::vector<adapters::FindRequest> asked;
  mutable std::size_t pace_calls = 0;
  std::size_t sends = 0, most_at_once = 0, reads = 0;
  std::map<model::Target, int> at_once;

  const model::PlatformTraits& traits() const override { return *model::find_platform(platform.str()); }
  std::string prefix(const model::ReplyTo&) const override { return "/"; }
  adapters::Capabilities capabilities() const override { return can; }
  std::vector<model::OutgoingMessage> render(const std::vector<adapters::Part>& parts,
                                             const adapters::RenderOptions&) const override {
    std::vector<model::OutgoingMessage> out;
    for (const auto& part : parts)
      out.push_back({part.kind, !out.empty(), "{\"part\":" + std::to_string(out.size()) + "}", "part"});
    return out;
  }
  std::string request_body(const adapters::SendRequest& request) const override { return request.message.body; }
  std::vector<adapters::Pace> paces(const model::Target& target, bool) const override {
    ++pace_calls;
    auto out = shared;
    out.push_back({"chat:" + target.place, chat.per_second, chat.burst});
    return out;
  }
  adapters::awaitable<adapters::SendOutcome> send(adapters::SendRequest request) override {
    ++sends;
    most_at_once = std::max<std::size_t>(most_at_once, static_cast<std::size_t>(++at_once[request.target]));
    auto told = fault(request);
    if (latency.count() > 0) co_await async::sleep_for(clock_, latency);
    --at_once[request.target];
    Error error(ErrorKind::transient, "as told");
    switch (told.fault) {
      case Fault::thrown:
        throw std::runtime_error("a defect of the adapter");
      case Fault::lost_before:
        co_return adapters::Unknown{error};
      case Fault::refused:
        co_return adapters::NotSent{error, {}, {}};
      case Fault::wait:
        co_return adapters::NotSent{error, told.wait, told.bucket};
      case Fault::refuse_target:
        co_return adapters::Refused{adapters::RefusalClass::target, "blocked", "unblock it", {}};
      case Fault::refuse_message:
        co_return adapters::Refused{adapters::RefusalClass::message, "too long", "shorten it", {}};
      case Fault::revoked:
        co_return adapters::Refused{adapters::RefusalClass::installation, "token revoked", "give a new token", {}};
      case Fault::moved:
        co_return adapters::Refused{adapters::RefusalClass::moved, "moved", "", told.moved_to};
      default:
        break;
    }
    auto id = execute(request);
    if (told.fault == Fault::lost_answer) co_return adapters::Unknown{error};
    co_return adapters::Sent{id};
  }
  adapters::awaitable<adapters::FindOutcome> find_sent(adapters::FindRequest request) override {
    ++reads;
    asked.push_back(request);
    if (failing_reads-- > 0) co_return adapters::CannotTell{Error(ErrorKind::transient, "503"), false, {}};
    if (!can_read) co_return adapters::CannotTell{Error(ErrorKind::refused, "no way to tell"), true, {}};
    for (std::size_t i = 0; i < visible.size(); ++i)
      if (visible[i].key == request.key && visible[i].target == request.target)
        co_return adapters::Found{model::RemoteId(std::to_string(i + 1))};
    co_return adapters::Absent{};
  }
  adapters::awaitable<adapters::SendOutcome> edit(model::Target, model::RemoteId id, model::OutgoingMessage) override {
    co_return adapters::Sent{id};
  }
  adapters::awaitable<adapters::SendOutcome> reply(adapters::ReplyRequest request) override {
    co_return co_await send({request.to.target, request.key, request.message, request.to.thread});
  }
  adapters::awaitable<void> acknowledge(model::ReplyTo) override { co_return; }
  adapters::awaitable<Result<model::Role>> role_of(model::Actor, model::Target) override {
    co_return model::Role::manager;
  }
  adapters::awaitable<void> run(adapters::EventSink&) override { co_return; }
  std::vector<adapters::Route> routes(adapters::EventSink&) override { return {}; }
  adapters::awaitable<std::vector<adapters::Check>> doctor() override { co_return std::vector<adapters::Check>{}; }
  std::string trouble() const override { return {}; }

  std::vector<std::string> bodies(const model::Target& target) const {
    std::vector<std::string> out;
    for (const auto& v : visible)
      if (v.target == target) out.push_back(v.body);
    return out;
  }

 protected:
  virtual model::RemoteId execute(const adapters::SendRequest& request) {
    // A platform whose keys are idempotent folds them (Matrix).
    if (can.same_key_is_safe.count() > 0)
      for (std::size_t i = 0; i < visible.size(); ++i)
        if (visible[i].key == request.key) return model::RemoteId(std::to_string(i + 1));
    visible.push_back({request.target, request.key, request.message.body, request.thread, clock_.steady_now()});
    return model::RemoteId(std::to_string(visible.size()));
  }
  Clock& clock_;
};

}  // namespace broadsheet::delivery
