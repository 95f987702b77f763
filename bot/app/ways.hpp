// The platforms that are on, each with the dispatcher of what goes out there and the way in for what comes from there.
// Used on the I/O thread.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/app/answer_memo.hpp"
#include "bot/app/platforms.hpp"
#include "bot/base/metrics.hpp"
#include "bot/delivery/dispatcher.hpp"
#include "bot/delivery/sink.hpp"
#include "bot/net/router.hpp"
#include "bot/pages/pages.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::app {

// Who is told what happens there.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void arrived(const model::Event& event) = 0;  // once, after it was stored
  // adapters::EventSink::at_once.
  virtual boost::asio::awaitable<AnswerMemo::Message> at_once(const model::CommandEvent& event) = 0;
  virtual void happened(const delivery::Incident& incident) = 0;
};

class Ways {
 public:
  // `sending`: how every dispatcher works.
  Ways(const Outside& outside, store::Store& store, Metrics& metrics, delivery::DispatcherOptions sending)
      : outside_(outside), store_(store), metrics_(metrics), sending_(std::move(sending)) {}

  // Its routes are added to the router.
  void add(PlatformPtr platform, Listener& listener, http::Router& router);
  // Null if it is off.
  adapters::Platform* platform(const model::PlatformName& kind) const;
  delivery::Dispatcher* dispatcher(const model::PlatformName& kind) const;
  // Rows were added for it.
  void wake(const model::PlatformName& kind);
  void wake_all();
  // What platforms send may be longer than what people do; nothing for other paths.
  std::optional<std::size_t> longest_body(std::string_view path) const;
  // For /readyz.
  std::vector<pages::PartState> states() const;

  // What comes runs in `in` until that is cancelled, what goes out in `out` until stop().
  void run(async::TaskGroup& in, async::TaskGroup& out);
  // What is in flight ends or is recorded (design: reliability P14).
  void stop();

 private:
  struct Way {
    PlatformPtr platform;
    std::unique_ptr<delivery::Dispatcher> dispatcher;
    std::unique_ptr<delivery::StoredEvents> events;
  };
  const Way* find(const model::PlatformName& kind) const;
  double jitter() const;

  Outside outside_;
  store::Store& store_;
  Metrics& metrics_;
  const delivery::DispatcherOptions sending_;
  std::vector<Way> ways_;
  std::vector<std::pair<std::string, std::size_t>> body_limits_;  // of paths that begin so
};

}  // namespace broadsheet::app
