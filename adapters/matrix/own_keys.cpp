#include "adapters/matrix/own_keys.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/matrix/content.hpp"
#include "adapters/matrix/markup.hpp"
#include "adapters/matrix/outcome.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::matrix {
namespace {

using async::awaitable;

constexpr std::size_t kMostKeys = 3, kMostWaiting = 1000;
constexpr double kLeftForOthers = 3;  // places of the account's that answers find free
constexpr int kTries = 3;

// A little longer than messages of a digest are apart.
std::chrono::milliseconds quiet_time(const Allowance& allowance) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(1200 / allowance.per_second()));
}

}  // namespace

void OwnKeys::said(const std::string& room, const std::string& event, const std::string& content) {
  last_said_ = doors_.clock.steady_now();
  auto json = parse_object(content);
  const auto* controls = json ? list_of(*json, kControlsKey) : nullptr;
  if (controls == nullptr || !some_) return;
  for (std::size_t i = 1; i <= std::min(controls->size(), kMostKeys) && waiting_.size() < kMostWaiting; ++i)
    waiting_.push_back({room, event, i});
  some_->set();
}

awaitable<void> OwnKeys::quiet() {
  while (true) {
    auto pause = last_said_ + quiet_time(api_.allowance()) - doors_.clock.steady_now();
    auto wait = std::max<std::chrono::milliseconds>(std::chrono::ceil<std::chrono::milliseconds>(pause),
                                                    api_.allowance().wait(1 + kLeftForOthers));
    if (wait.count() <= 0) co_return;
    co_await async::sleep_for(doors_.clock, wait);
  }
}

// False: to be tried again. One that is there already is as good.
awaitable<bool> OwnKeys::add(Key key) {
  TransactionName name{session_.tokens().user_id,
                       session_.tokens().device_id,
                       key.room,
                       "m.reaction",
                       "key\x1f" + key.event,
                       key.number,
                       0};
  auto content = dump(reaction(key.event, keycap(key.number)));
  auto answer = co_await api_.put_event(key.room, "m.reaction", transaction_id(name), std::move(content));
  bool later = answer.status == 0 || answer.status == 429 || answer.status >= 500;
  if (!later && !answer.good())
    log::debug("matrix.key_not_added", {{"room", key.room}, {"why", explain(answer.status, answer.body)}});
  co_return !later;
}

awaitable<void> OwnKeys::run() {
  some_.emplace(co_await boost::asio::this_coro::executor);
  struct Forget {
    OwnKeys& keys;
    ~Forget() { keys.some_.reset(); }
  } forget{*this};
  for (int tries = 0; session_.lost().empty();) {
    if (waiting_.empty()) some_->clear();
    co_await some_->wait();
    co_await quiet();
    bool done = co_await add(waiting_.front());
    if (!done && ++tries < kTries) continue;
    tries = 0;
    waiting_.pop_front();
  }
}

}  // namespace broadsheet::matrix
