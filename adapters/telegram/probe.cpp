#include "adapters/telegram/probe.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/common/json.hpp"
#include "adapters/telegram/message.hpp"
#include "bot/async/async.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::Absent;
using adapters::CannotTell;
using adapters::FindOutcome;
using adapters::FindRequest;
using adapters::Found;

constexpr std::size_t kMostRemembered = 1000;
constexpr std::int64_t kLargestId = 0x7FFFFFFF;

std::int64_t id_of(const model::RemoteId& id) {
  std::int64_t out = 0;
  const auto& text = id.str();
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out > 0 && out < kLargestId ? out : 0;
}

// Channels and supergroups count their own messages; elsewhere the numbers run over all of the bot's chats, so a
// missing number proves nothing (design: reliability 3.1, gap rule).
bool counts_its_own(const model::Target& target) {
  return target.place.starts_with("-100") || target.place.starts_with('@');
}

CannotTell cannot(std::string why, bool for_good) {
  return {Error(ErrorKind::not_found, std::move(why)), for_good, std::nullopt};
}

CannotTell cannot(const Failure& failure) {
  return {Error(ErrorKind::transient, failure.text()), false, failure.retry_after};
}

enum class Verdict : std::uint8_t { ours, other, missing, not_told };

Verdict verdict(const Failure& failure) {
  if (!failure.answered || failure.code != 400) return Verdict::not_told;
  if (failure.says("message is not modified")) return Verdict::ours;
  if (failure.says("message to edit not found") || failure.says("message_id_invalid")) return Verdict::missing;
  if (failure.says("can't be edited")) return Verdict::other;
  return Verdict::not_told;
}

}  // namespace

Probe::Probe(Api& api, Clock& clock, ProbeOptions options) : api_(api), clock_(clock), options_(options) {}

void Probe::sent_otherwise(const model::Target& target, const model::RemoteId& id) {
  auto number = id_of(id);
  if (number == 0) return;
  if (others_.size() >= kMostRemembered && !others_.contains(target.place)) others_.erase(others_.begin());
  auto& ids = others_[target.place];
  ids.insert(number);
  if (ids.size() > kMostRemembered) ids.erase(ids.begin());
}

awaitable<FindOutcome> Probe::find(FindRequest request) {
  auto last = id_of(request.last_remote_id);
  if (last == 0) co_return cannot("no message of ours is known there to search from", true);
  if (progress_.size() >= kMostRemembered && !progress_.contains(request.key)) progress_.erase(progress_.begin());
  auto& kept = progress_[request.key];
  if (kept.next <= last) kept = {last + 1, 0};
  auto progress = kept;
  auto outcome = co_await search(request, progress, last);
  const auto* unsure = std::get_if<CannotTell>(&outcome);
  if (unsure != nullptr && !unsure->for_good)
    progress_[request.key] = progress;
  else
    progress_.erase(request.key);
  co_return outcome;
}

awaitable<FindOutcome> Probe::search(const FindRequest& request, Progress& progress, std::int64_t last) {
  std::set<std::int64_t> known;
  for (const auto& id : request.known_ids) known.insert(id_of(id));
  if (auto it = others_.find(request.target.place); it != others_.end())
    known.insert(it->second.begin(), it->second.end());
  bool dense = counts_its_own(request.target);
  for (; progress.next <= last + options_.window; ++progress.next) {
    auto id = progress.next;
    if (known.contains(id)) {
      progress.missing = 0;
      continue;
    }
    auto probe = probe_request(request.message.body, {request.target, request.key, {}}, id);
    if (!probe) co_return cannot(probe.error().what(), true);
    auto answer = co_await api_.edit_message_reply_markup(std::move(*probe));
    if (answer) {
      // Another message of ours took the keyboard: it gets rid of it again. With our own text it was the one.
      if (answer->text == plain_text(request.message.body)) co_return Found{model::RemoteId(std::to_string(id))};
      log::warning("telegram.probe_hit_another", {{"message", id}});
      co_await put_back(request, id);
      progress.missing = 0;
      continue;
    }
    switch (verdict(answer.failure())) {
      case Verdict::ours:
        co_return Found{model::RemoteId(std::to_string(id))};
      case Verdict::other:
        progress.missing = 0;
        break;
      case Verdict::missing:
        if (++progress.missing >= options_.beyond && dense) co_return Absent{};
        break;
      case Verdict::not_told:
        co_return cannot(answer.failure());
    }
    co_await async::sleep_for(clock_, options_.pause);
  }
  co_return cannot("not among the next " + std::to_string(options_.window) + " messages there", true);
}

awaitable<void> Probe::put_back(const FindRequest& request, std::int64_t id) {
  nlohmann::json body = {{"chat_id", request.target.place}, {"message_id", id}};
  auto answer = co_await api_.edit_message_reply_markup(adapters::dump(body));
  if (!answer) log::warning("telegram.probe_not_undone", {{"message", id}, {"why", answer.failure().text()}});
}

}  // namespace broadsheet::telegram
