#include "bot/delivery/lane.hpp"

#include <algorithm>

namespace broadsheet::delivery {
namespace {

using adapters::Capabilities;
using adapters::RefusalClass;
using model::OutboxRow;
using model::PartKind;
using model::RowState;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLongestBackoff = std::chrono::minutes(15);
constexpr milliseconds kLongestTold = std::chrono::hours(24);  // expiry is as far
constexpr int kMostUnknown = 4;                                // sends of one row that may each stand there
constexpr int kFreeMoves = 2;                                  // attempts that a move may repeat at once

// A platform that folds the same key into one message makes repeating harmless (contracts: Matrix transaction ids), as
// long as the key is surely young and the message is still wanted.
bool may_repeat(const OutboxRow& row, Moment now, const Capabilities& can) {
  return now >= row.first_t0 && now - row.first_t0 < can.same_key_is_safe && now < row.expires;
}

// Where an attempt of unknown outcome was answered by repeating it, the question stays open until an answer says
// "sent".
RowState open_again(const OutboxRow& row, const Capabilities& can) {
  return row.times_unknown > 0 && can.same_key_is_safe.count() > 0 ? RowState::ambiguous : RowState::pending;
}

// Reading back is asked ever more seldom: about as long again as the question has been open.
milliseconds patience(const OutboxRow& row, Moment now, double jitter) {
  auto ceiling = std::clamp<milliseconds>((now - row.t0) / 2, seconds(1), kLongestBackoff);
  return std::max(milliseconds(100),
                  milliseconds(static_cast<std::int64_t>(static_cast<double>(ceiling.count()) * jitter)));
}

After finished(OutboxRow row, RowState state, std::string why) {
  After out;
  row.state = state;
  row.error = why;
  out.row = std::move(row);
  out.why = std::move(why);
  return out;
}

After unknown(OutboxRow row, const Error& error, const Capabilities& can, Moment now, double jitter) {
  After out;
  row.state = RowState::ambiguous;
  row.error = error.what();
  ++row.times_unknown;
  out.lost_sight = true;
  // Reliability 3, A1: the old request is either done or dead before anyone looks. The connection ended just now, which
  // may be later than the timeout says where the claim or the adapter had to wait.
  row.due = may_repeat(row, now, can) ? now + backoff(row.attempt, jitter)
                                      : std::max<Moment>(row.t0 + can.request_timeout, now) + can.quiet;
  out.row = std::move(row);
  return out;
}

After again(OutboxRow row, const Error& error, std::optional<milliseconds> told, Moment now, const Capabilities& can,
            double jitter) {
  auto wait = told ? believed(*told) : backoff(row.attempt, jitter);
  row.state = open_again(row, can);
  row.error = error.what();
  row.due = now + wait;
  After out;
  out.row = std::move(row);
  return out;
}

// Somewhere else on the same platform: what goes round in circles must at least not go fast.
bool moves(const OutboxRow& row, const adapters::Refused& refusal) {
  return refusal.moved_to && *refusal.moved_to != row.target && refusal.moved_to->platform == row.target.platform;
}

After refused(OutboxRow row, const adapters::Refused& refusal, Moment now, const Capabilities& can, double jitter) {
  switch (refusal.refusal) {
    case RefusalClass::message:
    case RefusalClass::private_undeliverable: {
      auto out = finished(std::move(row), RowState::dead, refusal.why);
      out.fix = refusal.fix;
      return out;
    }
    case RefusalClass::moved:
      if (moves(row, refusal)) {
        After out;
        row.state = open_again(row, can);
        row.due = row.attempt <= kFreeMoves ? now : now + backoff(row.attempt, jitter);
        row.error = refusal.why;
        row.target = *refusal.moved_to;
        out.moved_to = refusal.moved_to;
        out.row = std::move(row);
        return out;
      }
      break;
    default:
      break;
  }
  // Kept, not lost: sent when the target or the token is good again, if that is before it expires.
  After out;
  row.state = open_again(row, can);
  row.due = now;
  row.error = refusal.why;
  out.row = std::move(row);
  out.target_off = refusal.refusal == RefusalClass::target || refusal.refusal == RefusalClass::moved;
  out.installation_off = !out.target_off;
  out.why = refusal.why;
  out.fix = refusal.fix;
  return out;
}

// What the target's policy makes of an outcome that can't be known. Repeating backs off and ends: while a platform
// executes and never says so, each repeat is one more copy.
After by_policy(OutboxRow row, const std::string& why, Moment now, double jitter) {
  bool summary = row.kind == PartKind::summary || row.kind == PartKind::notice;
  bool resend = row.on_unknown == model::UnknownPolicy::resend ||
                (row.on_unknown == model::UnknownPolicy::resend_summary && summary);
  if (!resend) {
    auto out = finished(std::move(row), RowState::dead,
                        "nobody can tell whether it arrived, and the policy is not to repeat it (" + why + ")");
    out.policy = "skip";
    return out;
  }
  if (row.times_unknown >= kMostUnknown) {
    auto sends = std::to_string(row.times_unknown);
    auto out = finished(std::move(row), RowState::dead,
                        "sent " + sends + " times, and each time nobody could tell whether it arrived (" + why + ")");
    out.fix = "look there: if it is missing, `broadsheet outbox retry` sends it once more";
    out.policy = "give_up";
    return out;
  }
  After out;
  row.state = RowState::pending;
  row.due = now + backoff(row.attempt, jitter);
  row.error = "sent again by policy: " + why;
  out.row = std::move(row);
  out.policy = "resend";
  return out;
}

}  // namespace

milliseconds backoff(int attempt, double jitter) {
  auto ceiling =
      std::min<milliseconds>(milliseconds(seconds(1)) * (1LL << std::clamp(attempt - 1, 0, 20)), kLongestBackoff);
  return std::max(milliseconds(100),
                  milliseconds(static_cast<std::int64_t>(static_cast<double>(ceiling.count()) * jitter)));
}

milliseconds believed(milliseconds told) {
  return std::clamp<milliseconds>(told, milliseconds(0), kLongestTold);
}

Next next_step(OutboxRow& row, Moment now, const Capabilities& can) {
  switch (row.state) {
    case RowState::pending:
      if (now >= row.expires) {
        row.state = RowState::expired;
        row.error = row.error.empty() ? "not sent in time" : "not sent in time; last: " + row.error;
        return Next::finished;
      }
      return row.due > now ? Next::wait : Next::send;
    case RowState::ambiguous:
      if (row.due > now) return Next::wait;
      return may_repeat(row, now, can) ? Next::send : Next::read_back;
    case RowState::sending:
      return Next::wait;
    default:
      return Next::finished;
  }
}

After after_send(OutboxRow row, const adapters::SendOutcome& outcome, Moment now, const Capabilities& can,
                 double jitter) {
  if (const auto* sent = std::get_if<adapters::Sent>(&outcome)) {
    row.remote_id = sent->remote_id;
    row.state = RowState::delivered;
    row.error.clear();
    After out;
    out.row = std::move(row);
    return out;
  }
  // This attempt was surely not done; an earlier one of the same row may have been (only where repeating is safe).
  if (const auto* not_sent = std::get_if<adapters::NotSent>(&outcome))
    return again(std::move(row), not_sent->error, not_sent->retry_after, now, can, jitter);
  if (const auto* refusal = std::get_if<adapters::Refused>(&outcome))
    return refused(std::move(row), *refusal, now, can, jitter);
  return unknown(std::move(row), std::get<adapters::Unknown>(outcome).error, can, now, jitter);
}

After after_read_back(OutboxRow row, const adapters::FindOutcome& outcome, Moment now, const Capabilities&,
                      double jitter) {
  if (const auto* found = std::get_if<adapters::Found>(&outcome)) {
    row.remote_id = found->remote_id;
    row.state = RowState::delivered;
    row.error.clear();
    After out;
    out.row = std::move(row);
    return out;
  }
  if (std::holds_alternative<adapters::Absent>(outcome)) {
    row.state = RowState::pending;
    row.due = now;
    After out;
    out.row = std::move(row);
    return out;
  }
  const auto& cannot = std::get<adapters::CannotTell>(outcome);
  if (cannot.for_good) return by_policy(std::move(row), cannot.error.what(), now, jitter);
  if (now >= row.expires)
    return finished(std::move(row), RowState::dead,
                    "nobody could tell in time whether it arrived: " + cannot.error.what());
  // Errors of reading are retried and never count as "absent" (reliability 3.1).
  row.error = cannot.error.what();
  row.due = now + (cannot.retry_after ? believed(*cannot.retry_after) : patience(row, now, jitter));
  After out;
  out.row = std::move(row);
  return out;
}

OutboxRow after_restart(OutboxRow row, Moment now, const Capabilities& can) {
  if (row.attempt > 0) row.due = std::min<Moment>(row.due, now + kLongestTold);
  // recover() leaves `due` at t0: nobody has looked yet.
  if (row.state == RowState::ambiguous && row.due <= row.t0)
    row.due = may_repeat(row, now, can) ? now : now + can.quiet;
  return row;
}

}  // namespace broadsheet::delivery
