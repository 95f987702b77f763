#include "bot/endpoint/ledger.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/base/json.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::endpoint {
namespace {

constexpr const char* kName = "tokens";
constexpr std::size_t kDays = 62;

}  // namespace

Ledger::Ledger(const boost::asio::any_io_executor& executor, async::Offload& workers, Notes& notes, Clock& clock,
               Zone zone, std::int64_t cap)
    : workers_(workers), notes_(notes), clock_(clock), zone_(zone), cap_(cap), settled_(executor), saving_(executor) {}

void Ledger::Booking::settle(std::int64_t used) {
  if (ledger_ == nullptr) return;
  auto& ledger = *std::exchange(ledger_, nullptr);
  ledger.turn_day();
  ledger.in_flight_ -= tokens_;
  --ledger.calls_;
  ledger.largest_ = std::max(ledger.largest_, used);
  ledger.days_[ledger.day_] += used;
  ledger.changed_ = true;
  ledger.settled_.set();
}

void Ledger::turn_day() {
  day_ = to_string(zone_.local_day(clock_.now()));
  while (days_.size() > kDays) days_.erase(days_.begin());
}

std::int64_t Ledger::today() {
  turn_day();
  return days_[day_];
}

// Until one call has shown what calls cost, they go one by one: an estimate that is wrong is wrong for each.
bool Ledger::has_room() const {
  auto spent = days_.find(day_);
  auto used = (spent == days_.end() ? 0 : spent->second) + in_flight_;
  return used < cap_ && (largest_ > 0 || calls_ == 0);
}

async::awaitable<void> Ledger::load() {
  if (loaded_) co_return;
  auto work = [this] { return notes_.get(kName); };
  auto kept = co_await workers_.run(std::move(work));
  if (std::exchange(loaded_, true) || !kept || !*kept) co_return;
  auto json = untrusted::parse_json(**kept);
  if (!json || !json->is_object()) co_return;
  for (const auto& [day, tokens] : json->items())
    if (tokens.is_number_integer()) days_[day] += tokens.get<std::int64_t>();
}

async::awaitable<Result<Ledger::Booking>> Ledger::book(std::int64_t estimate) {
  co_await load();
  turn_day();
  while (cap_ > 0 && !has_room() && calls_ > 0) {
    settled_.clear();
    co_await settled_.wait();
    turn_day();
  }
  if (cap_ > 0 && !has_room()) co_return Error(ErrorKind::not_allowed, "the day's token budget is used up");
  auto tokens = std::max(estimate, largest_);
  in_flight_ += tokens;
  ++calls_;
  co_return Booking(*this, tokens);
}

async::awaitable<void> Ledger::save() {
  auto guard = co_await saving_.lock();
  if (!std::exchange(changed_, false)) co_return;
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const auto& [day, tokens] : days_) out[day] = tokens;
  auto work = [this, text = out.dump()] { return notes_.put(kName, text); };
  if (auto done = co_await workers_.run(std::move(work)); !done)
    log::warning("ledger.not_kept", {{"why", done.error().what()}});
}

}  // namespace broadsheet::endpoint
