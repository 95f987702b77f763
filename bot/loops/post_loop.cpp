#include "bot/loops/post_loop.hpp"

#include <algorithm>

#include "bot/base/log.hpp"
#include "bot/base/text.hpp"
#include "bot/delivery/plan.hpp"
#include "bot/loops/coverage.hpp"
#include "bot/loops/public_page.hpp"
#include "bot/loops/shown_cards.hpp"
#include "digest/doc/plain.hpp"
#include "digest/present/document.hpp"

namespace broadsheet::loops {
namespace {

using boost::asio::awaitable;
using model::Effective;
using model::Subscription;
using schedule::Answer;

constexpr std::chrono::minutes kLook{5};  // at the latest: the wall clock may jump
constexpr std::chrono::milliseconds kBreath{1};
constexpr int kMostSteps = 6;  // answers obeyed for one subscription before the loop draws breath

std::string categories_of(const Subscription& subscription) {
  std::string out;
  for (const auto& category : subscription.categories) out += (out.empty() ? "" : " + ") + category.str();
  return out;
}

}  // namespace

// The first of its categories that is not there, as it was found when arXiv was asked.
doc::Document PostLoop::missing(const Subscription& subscription, Day day) const {
  auto category = subscription.categories.front();
  auto zone = Zone::find(model::resolve({subscription.options, parts_.service()}).time_zone);
  ListingOutcome outcome = NotYet{day, parts_.calendar.announced_at(day), {}};
  for (const auto& state : parts_.listings.states()) {
    const auto& wanted = subscription.categories;
    bool ours = std::find(wanted.begin(), wanted.end(), state.category) != wanted.end();
    if (!ours || state.day != day || state.kind == ListingState::Kind::ready) continue;
    category = state.category;
    if (state.kind == ListingState::Kind::down)
      outcome = SourceDown{day, Error(ErrorKind::unavailable, {}), state.since};
    if (state.kind == ListingState::Kind::incomplete) outcome = Incomplete{day, state.announced, state.arrived, {}};
    break;
  }
  return present::notice(outcome, category, {parts_.clock.now(), true, zone});
}

doc::Document PostLoop::notice(const Subscription& subscription, const Answer& answer) const {
  if (answer.reason != Answer::Reason::holiday) return missing(subscription, answer.day);
  NoAnnouncement none{answer.day, QuietReason::holiday, parts_.calendar.holiday_name(answer.day),
                      parts_.calendar.next_listing(answer.day)};
  return present::notice(none, subscription.categories.front(), {parts_.clock.now(), true, std::nullopt});
}

awaitable<bool> PostLoop::enqueue(const Subscription& subscription, const Effective& effective,
                                  const model::RunName& run, std::vector<model::OutgoingMessage> messages) {
  delivery::PostOptions options;
  options.target = subscription.target;
  options.effective = effective;
  options.group = subscription.id.str() + "/" + run.str();
  options.now = parts_.clock.now();
  auto rows = delivery::rows_of(messages, options);
  auto work = [this, rows = std::move(rows), name = model::SlotName("post/" + options.group), now = options.now] {
    return parts_.store.outbox().enqueue(name, rows, now);
  };
  auto done = co_await parts_.workers.run(std::move(work));
  if (!done) {
    log::error("post.not_stored", {{"subscription", subscription.id.str()}, {"why", done.error().what()}});
    co_return false;
  }
  parts_.enqueued(subscription.target.platform);
  co_return true;
}

// The slot is filled and the data window moved on; after the rows, so that a crash in between repeats harmlessly.
awaitable<bool> PostLoop::settle(const Subscription& subscription, const Answer& answer, std::string state,
                                 std::string detail) {
  auto work = [this, id = subscription.id, answer, state = std::move(state), detail = std::move(detail),
               now = parts_.clock.now()]() -> Status {
    auto& subscriptions = parts_.store.subscriptions();
    if (answer.kind == Answer::Kind::post)
      if (auto done = subscriptions.cover(id, answer.day); !done) return done;
    if (answer.without) {  // said in the digest
      model::Slot told{id, schedule::late_run(*answer.without), *answer.without, "notice", {}, now};
      if (auto done = subscriptions.put_slot(told); !done) return done;
    }
    auto day = parse_day(answer.run.str().substr(0, 10)).value_or(answer.day);
    return subscriptions.put_slot({id, answer.run, day, state, detail, now});
  };
  auto done = co_await parts_.workers.run(std::move(work));
  if (!done)
    log::error("post.slot_not_stored", {{"subscription", subscription.id.str()}, {"why", done.error().what()}});
  co_return done.has_value();
}

awaitable<void> PostLoop::remember_shown(const model::Target& target, const Digest& digest) {
  ShownCards cards{parts_.clock.now(), {}};
  for (const auto& card : digest.cards) cards.papers.push_back(card.paper.id);
  auto work = [this, reader = target.str(), cards = std::move(cards)] {
    return remember_cards(parts_.store, reader, cards);
  };
  if (auto kept = co_await parts_.workers.run(std::move(work)); !kept)
    log::warning("post.cards_not_remembered", {{"target", target.str()}, {"why", kept.error().what()}});
}

awaitable<bool> PostLoop::post(const Subscription& subscription, const Effective& effective, const Answer& answer) {
  auto* platform = parts_.platform(subscription.target.platform);
  BuildOptions wanted;
  wanted.categories = subscription.categories;
  wanted.day = answer.day;
  if (answer.since) wanted.earlier = parts_.calendar.listings(*answer.since, answer.day);
  wanted.style = effective.style;
  wanted.language = effective.language;
  wanted.top = effective.top;
  wanted.interests = effective.interests;
  wanted.filter_text = effective.filter;
  auto digest = co_await parts_.builds.get(std::move(wanted));
  if (!digest) co_return false;
  if (digest->cards.empty() && effective.empty == model::EmptyPolicy::silent)
    co_return co_await settle(subscription, answer, "silent", "nothing to show");
  auto shown = *digest;
  if (answer.without)
    shown.note = sentences(std::string(text::trim(doc::to_plain(missing(subscription, *answer.without)))), shown.note);
  if (answer.late) shown.note = sentences("This digest is late.", shown.note);
  auto page = public_page(parts_.public_url, {subscription.categories, answer.day, answer.since.has_value(), effective},
                          model::resolve({parts_.service()}));
  auto render = [platform, effective, shown = std::move(shown), page = std::move(page), since = answer.since] {
    return delivery::render_digest(shown, effective, *platform, page, since);
  };
  auto messages = co_await parts_.workers.run(std::move(render));
  if (!co_await enqueue(subscription, effective, answer.run, std::move(messages))) co_return false;
  if (effective.style != Style::titles) co_await remember_shown(subscription.target, *digest);
  log::info("post.enqueued", {{"target", subscription.target.str()},
                              {"categories", categories_of(subscription)},
                              {"day", to_string(answer.day)}});
  co_return co_await settle(subscription, answer, "posted", "");
}

awaitable<bool> PostLoop::obey(const Subscription& subscription, const Effective& effective, const Answer& answer) {
  if (parts_.platform(subscription.target.platform) == nullptr) co_return false;  // it is off
  if (answer.kind == Answer::Kind::post) co_return co_await post(subscription, effective, answer);
  if (answer.kind == Answer::Kind::skip) {
    if (answer.reason == Answer::Reason::missed)
      log::warning("post.missed", {{"target", subscription.target.str()}, {"day", to_string(answer.day)}});
    co_return co_await settle(subscription, answer, "skipped", "");
  }
  if (effective.empty == model::EmptyPolicy::silent) co_return co_await settle(subscription, answer, "silent", "");
  auto* platform = parts_.platform(subscription.target.platform);
  std::vector<adapters::Part> parts = {{model::PartKind::notice, notice(subscription, answer), {}}};
  adapters::RenderOptions options;
  options.digest = model::button_subject(subscription.categories, answer.day);
  auto messages = platform->render(parts, options);
  if (!co_await enqueue(subscription, effective, answer.run, std::move(messages))) co_return false;
  co_return co_await settle(subscription, answer, "notice", "");
}

LookOptions PostLoop::look_options() const {
  LookOptions out;
  out.now = parts_.clock.now();
  out.service = parts_.service();
  for (const auto& state : parts_.listings.states())
    if (state.kind != ListingState::Kind::unknown)
      out.asked[state.category] = {state.day, state.kind == ListingState::Kind::down};
  out.rests = rests_;
  return out;
}

// Nothing when the store cannot be read.
awaitable<std::optional<Look>> PostLoop::look_around() {
  auto work = [this, options = look_options()]() mutable {
    return look(parts_.store, parts_.calendar, std::move(options));
  };
  auto seen = co_await parts_.workers.run(std::move(work));
  if (!seen) {
    log::error("subscriptions.unreadable", {{"why", seen.error().what()}});
    co_return std::nullopt;
  }
  for (const auto& one : seen->unread) log::error("post.not_judged", {{"subscription", one}});
  rests_ = seen->rests;
  co_return std::move(*seen);
}

// Everything that is due now; when the next one will be.
awaitable<Moment> PostLoop::serve_all() {
  auto latest = parts_.clock.now() + kLook;
  for (int step = 0; step < kMostSteps; ++step) {
    auto seen = co_await look_around();
    if (!seen) co_return latest;
    if (seen->due.empty()) co_return std::min(seen->next, latest);
    for (const auto& [subscription, effective, answer] : seen->due)
      if (!co_await obey(subscription, effective, answer)) rests_[subscription.id] = parts_.clock.now() + kLook;
  }
  co_return parts_.clock.now();
}

awaitable<void> PostLoop::run() {
  while (true) {
    auto next = co_await serve_all();
    auto wait = std::clamp<std::chrono::milliseconds>(next - parts_.clock.now(), kBreath, kLook);
    if (co_await wake_.wait(wait)) rests_.clear();
  }
}

}  // namespace broadsheet::loops
