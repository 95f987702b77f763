#include "adapters/telegram/ingress.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <charconv>
#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/common/json.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::telegram {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kOffset = "telegram.offset";
constexpr seconds kPollTime{50};  // the longest that the server waits (contracts: Telegram 2.2)
constexpr seconds kTooSoon{1};    // an empty answer before: something between does not wait for the server
constexpr milliseconds kBreath{200};
constexpr int kBatch = 100;
constexpr int kMostTries = 5;  // of an update that the sink refuses (contracts: Telegram 2.3)
constexpr std::size_t kMostRemembered = 1000;

// 1 s doubling to a minute (contracts: Telegram 2.2: seconds, growing).
milliseconds pause_after(int failures) {
  return seconds(std::min(60, 1 << std::min(failures - 1, 6)));
}

// The store will take it later; anything else is about this update alone.
bool will_pass(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::transient:
    case ErrorKind::unavailable:
    case ErrorKind::busy:
    case ErrorKind::no_space:
    case ErrorKind::rate_limited:
      return true;
    default:
      return false;
  }
}

void park(std::int64_t update, const Error& error) {
  log::error("telegram.update_parked", {{"update", update}, {"error", error.what()}});
}

awaitable<void> answer_callback(Api& api, std::string id) {
  auto answer = co_await api.answer_callback_query(std::move(id));
  if (!answer) log::debug("telegram.callback_not_answered", {{"why", answer.failure().text()}});
}

std::int64_t parse_offset(const std::string& text) {
  std::int64_t out = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? out : 0;
}

}  // namespace

// ---- Long polling -------------------------------------------------------------------------------------------------

Poller::Poller(Api& api, adapters::State& state, Clock& clock, const BotName& bot)
    : api_(api), state_(state), clock_(clock), bot_(bot) {}

awaitable<void> Poller::run(adapters::EventSink& sink) {
  async::TaskGroup answers(co_await asio::this_coro::executor);
  std::exception_ptr ended;
  try {
    co_await poll(sink, answers);
  } catch (...) {
    ended = std::current_exception();
  }
  // A clean stop: what was processed is confirmed, or it would come again (contracts: Telegram 2.2).
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  answers.cancel();
  co_await answers.join();
  co_await confirm();
  if (ended) std::rethrow_exception(ended);
}

awaitable<void> Poller::poll(adapters::EventSink& sink, async::TaskGroup& answers) {
  auto saved = co_await state_.get(std::string(kOffset));
  if (saved && *saved) offset_ = parse_offset(**saved);
  for (;;) {
    auto asked = clock_.steady_now();
    auto updates = co_await api_.get_updates(offset_, kPollTime, kBatch);
    if (!updates) {
      co_await failed(updates.failure());
      continue;
    }
    failures_ = 0;
    trouble_.clear();
    if (updates->empty() && clock_.steady_now() - asked < kTooSoon) co_await async::sleep_for(clock_, kBreath);
    auto before = offset_;
    bool taken = true;
    for (const auto& update : *updates) {
      taken = co_await take(update, sink, answers);
      if (!taken) break;
      offset_ = update.id + 1;
    }
    if (offset_ != before)
      if (auto kept = co_await state_.put(std::string(kOffset), std::to_string(offset_)); !kept)
        log::warning("telegram.offset_not_saved", {{"error", kept.error().what()}});
    if (!taken) co_await async::sleep_for(clock_, pause_after(tries_));
  }
}

// False: not taken; to be tried again from here.
awaitable<bool> Poller::take(const RawUpdate& update, adapters::EventSink& sink, async::TaskGroup& answers) {
  auto received = read_update(update.json, bot_, clock_.now());
  if (!received) {
    log::warning("telegram.update_unreadable", {{"update", update.id}});
    co_return true;
  }
  if (!received->callback.empty()) answers.spawn("telegram.answer_callback", answer_callback(api_, received->callback));
  if (!received->event) co_return true;
  auto accepted = co_await sink.accept(std::move(*received->event));
  if (accepted) co_return true;
  tries_ = failing_ == update.id ? tries_ + 1 : 1;
  failing_ = update.id;
  trouble_ = "an update could not be stored: " + accepted.error().what();
  if (will_pass(accepted.error()) || tries_ < kMostTries) co_return false;
  park(update.id, accepted.error());
  co_return true;
}

awaitable<void> Poller::failed(const Failure& failure) {
  ++failures_;
  bool another = failure.answered && failure.code == 409;
  trouble_ = another ? "another instance receives this bot's updates: " + failure.text()
                     : "Telegram's updates do not arrive: " + failure.text();
  log::warning(another ? "telegram.poll_conflict" : "telegram.poll_failed",
               {{"why", failure.text()}, {"failures", failures_}});
  if (another && failure.says("webhook is active")) {
    auto removed = co_await api_.delete_webhook();  // never both ways (spec: commands 8)
    if (!removed) log::warning("telegram.webhook_not_removed", {{"why", removed.failure().text()}});
  }
  auto wait = std::max(pause_after(failures_), failure.retry_after.value_or(milliseconds(0)));
  co_await async::sleep_for(clock_, wait);
}

awaitable<void> Poller::confirm() {
  if (offset_ == 0) co_return;
  auto confirmed = co_await async::with_timeout<bool>(
      clock_, seconds(3), [](Api& api, std::int64_t offset) -> awaitable<Result<bool>> {
        auto answer = co_await api.get_updates(offset, seconds(0), 1);
        if (!answer) co_return Error(ErrorKind::transient, answer.failure().text());
        co_return true;
      }(api_, offset_));
  if (!confirmed) log::info("telegram.offset_not_confirmed", {{"why", confirmed.error().what()}});
}

// ---- Webhook --------------------------------------------------------------------------------------------------------

WebhookRoute::WebhookRoute(Clock& clock, const BotName& bot, const config::Secret& secret)
    : clock_(clock), bot_(bot), secret_(secret) {}

awaitable<http::ServerResponse> WebhookRoute::receive(http::ServerRequest request, adapters::EventSink& sink) {
  http::ServerResponse response;
  // Without a secret anybody could write updates (contracts: Telegram 2.3).
  if (secret_.empty() || !secret_.equals(http::header(request.headers, "X-Telegram-Bot-Api-Secret-Token"))) {
    response.status = 401;
    co_return response;
  }
  auto received = read_update(request.body, bot_, clock_.now());
  if (!received) {
    log::warning("telegram.update_unreadable", {{"bytes", request.body.size()}});
    co_return response;  // it would only come again
  }
  if (received->event) {
    auto accepted = co_await sink.accept(std::move(*received->event));
    if (!accepted) co_return not_taken(received->id, accepted.error());
    tries_.erase(received->id);
  }
  if (!received->callback.empty()) {
    // The one call whose result nobody needs rides on the answer (contracts: Telegram 2.3).
    response.content_type = "application/json";
    response.body =
        adapters::dump(nlohmann::json({{"method", "answerCallbackQuery"}, {"callback_query_id", received->callback}}));
  }
  co_return response;
}

http::ServerResponse WebhookRoute::not_taken(std::int64_t update, const Error& error) {
  http::ServerResponse response;
  if (tries_.size() >= kMostRemembered) tries_.erase(tries_.begin());
  if (!will_pass(error) && ++tries_[update] >= kMostTries) {
    tries_.erase(update);
    park(update, error);  // an update that always fails would block its chat for a day
    return response;
  }
  log::warning("telegram.update_not_stored", {{"update", update}, {"error", error.what()}});
  response.status = 503;
  response.headers = {{"Retry-After", "2"}};
  return response;
}

}  // namespace broadsheet::telegram
