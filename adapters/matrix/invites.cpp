#include "adapters/matrix/invites.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/matrix/incoming.hpp"
#include "adapters/matrix/outcome.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::matrix {
namespace {

using async::awaitable;

constexpr const char* kStored = "matrix.invites";
constexpr std::size_t kRefusalsPerHour = 10, kMostOpen = 200, kMostRemembered = 10000;
constexpr std::array<std::chrono::seconds, 4> kJoinWaits = {std::chrono::seconds(1), std::chrono::seconds(30),
                                                            std::chrono::minutes(5), std::chrono::minutes(10)};

}  // namespace

bool may_invite(const std::vector<std::string>& allowed, const std::string& own_server, const std::string& inviter) {
  auto server = server_of(inviter);
  if (server.empty()) return false;
  if (allowed.empty()) return server == own_server;
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& one) { return one == inviter || one == server; });
}

Invites::Invites(const config::Matrix& settings, const Doors& doors, Session& session, Api& api, Arrived arrived)
    : settings_(settings), doors_(doors), session_(session), api_(api), arrived_(std::move(arrived)) {}

awaitable<Status> Invites::take(Invitation invitation, bool expected, async::TaskGroup& tasks) {
  auto own = server_of(session_.tokens().user_id);
  if (!expected && !may_invite(settings_.invite_from, own, invitation.by)) {
    tasks.spawn("matrix.refuse", refuse(invitation.room));
    co_return Status();
  }
  if (in_.contains(invitation.room) || open_.contains(invitation.room) || open_.size() >= kMostOpen) co_return Status();
  open_[invitation.room] = invitation;
  if (auto kept = co_await keep(); !kept) {
    open_.erase(invitation.room);
    co_return kept;
  }
  tasks.spawn("matrix.join", accept(std::move(invitation)));
  co_return Status();
}

awaitable<void> Invites::resume(async::TaskGroup& tasks) {
  auto stored = co_await doors_.state.get(kStored);
  auto json = stored ? parse_object(stored->value_or("{}")) : std::nullopt;
  if (!json) co_return;
  for (const auto& [room, one] : json->items()) {
    Invitation invitation{room, text_at(one, {"by"}),
                          Moment(std::chrono::milliseconds(number_at(one, {"at"}).value_or(0)))};
    if (!open_.try_emplace(room, invitation).second) continue;
    tasks.spawn("matrix.join", accept(std::move(invitation)));
  }
}

// One at a time: a later list must not be overtaken by an earlier one.
awaitable<Status> Invites::keep() {
  if (!keeping_) keeping_.emplace(co_await boost::asio::this_coro::executor);
  auto guard = co_await keeping_->lock();
  Json json = Json::object();
  for (const auto& [room, one] : open_) json[room] = {{"by", one.by}, {"at", one.at.time_since_epoch().count()}};
  co_return co_await doors_.state.put(kStored, dump(json));
}

awaitable<void> Invites::refuse(std::string room) {
  auto now = doors_.clock.steady_now();
  while (!refusals_.empty() && now - refusals_.front() > std::chrono::hours(1)) refusals_.pop_front();
  if (refusals_.size() >= kRefusalsPerHour) co_return;
  refusals_.push_back(now);
  log::info("matrix.invite_refused", {{"room", room}});
  co_await api_.leave(std::move(room));
}

awaitable<void> Invites::accept(Invitation invitation) {
  const auto room = invitation.room;
  if (co_await join(invitation)) {
    if (in_.size() >= kMostRemembered) in_.clear();
    in_.insert(room);
    co_await arrived_(std::move(invitation));
  }
  open_.erase(room);
  if (auto kept = co_await keep(); !kept) log::warning("matrix.invite_not_closed", {{"why", kept.error().what()}});
}

awaitable<bool> Invites::join(Invitation invitation) {
  auto begun = doors_.clock.steady_now();
  for (std::size_t attempt = 0;; ++attempt) {
    auto answer = co_await api_.join(invitation.room, server_of(invitation.by));
    if (answer.good()) co_return true;
    Circumstances now{
        .call = CallKind::join,
        .since_invite = std::chrono::duration_cast<std::chrono::seconds>(doors_.clock.steady_now() - begun)};
    auto why = classify(answer.status, answer.body, now);
    bool again = why == ErrorClass::retry_join || why == ErrorClass::retry_same_request || why == ErrorClass::limited;
    if (!again || attempt == kJoinWaits.size()) {
      log::warning("matrix.join_failed", {{"room", invitation.room}, {"why", explain(answer.status, answer.body)}});
      co_return false;
    }
    auto wait = std::chrono::milliseconds(kJoinWaits.at(attempt));
    if (why == ErrorClass::limited) wait = std::max(wait, wait_of({answer.status, answer.headers, answer.body}));
    co_await async::sleep_for(doors_.clock, wait);
  }
}

}  // namespace broadsheet::matrix
