#include "bot/loops/listing_loop.hpp"

#include <algorithm>
#include <array>

#include "bot/base/log.hpp"
#include "bot/base/moments.hpp"
#include "bot/loops/source_memory.hpp"
#include "bot/loops/stored_listing.hpp"

namespace broadsheet::loops {
namespace {

using boost::asio::awaitable;
using Kind = ListingState::Kind;

constexpr std::chrono::minutes kPoll{15};         // contracts: arXiv 2.5, rule 2
constexpr std::chrono::minutes kFirstLook{15};    // after the announcement at 20:00 Eastern
constexpr std::chrono::hours kSettleForLess{10};  // an incomplete listing is taken as it is at 06:00 Eastern
constexpr int kMostMissed = 23;                   // listing days fetched after an absence: a month
constexpr std::chrono::hours kCatchUpAgain{1};
std::string_view name_of(Kind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"unknown", "ready", "unchecked", "not_yet", "incomplete", "down"};
  return kNames.at(static_cast<std::size_t>(kind));
}

struct Missed {
  std::vector<Day> days;    // before the one looked for, oldest first
  std::optional<Day> kept;  // the newest one before it that is complete: its digest may be missing after a crash
};

// Not further back than the category was followed. On a worker thread: nothing but values and the store.
Missed missed_days(store::Store& store, const arxiv::Calendar& calendar, const Category& category, Day day) {
  Missed out;
  auto d = calendar.previous_listing(day);
  for (int n = 0; n < kMostMissed; ++n, d = calendar.previous_listing(d)) {
    auto known = store.listings().get(category, d);
    if (!known) break;
    if (*known && (*known)->frozen) {
      if (!out.kept) out.kept = d;
      continue;
    }
    auto earlier = store.listings().last(category, d);
    if (!*known && (!earlier || !*earlier)) break;
    out.days.insert(out.days.begin(), d);
  }
  return out;
}

}  // namespace

ListingLoop::ListingLoop(const boost::asio::any_io_executor& executor, sources::Source& source, store::Store& store,
                         async::Offload& workers, Clock& clock, Metrics& metrics, Stored stored)
    : source_(source),
      store_(store),
      workers_(workers),
      clock_(clock),
      metrics_(metrics),
      stored_(std::move(stored)),
      wake_(executor, clock) {}

void ListingLoop::want(const std::vector<Category>& categories) {
  for (const auto& category : categories)
    if (std::find(wanted_.begin(), wanted_.end(), category) == wanted_.end()) {
      wanted_.push_back(category);
      wake_.ring();
    }
}

std::vector<ListingState> ListingLoop::states() const {
  std::vector<ListingState> out;
  for (const auto& category : wanted_) {
    auto it = states_.find(category);
    out.push_back(it == states_.end() ? ListingState{.category = category, .detail = "not looked at yet"} : it->second);
  }
  return out;
}

void ListingLoop::note(const Category& category, Day day, Kind kind, std::string detail) {
  auto& state = states_[category];
  // A batch that came but could not be checked is not taken back by a later silence.
  if (state.day == day && state.kind == Kind::unchecked && (kind == Kind::not_yet || kind == Kind::down)) {
    state.checked = clock_.now();
    return;
  }
  if (state.kind != kind || state.day != day) state.since = clock_.now();
  if (state.kind != kind || state.day != day || state.detail != detail)
    log::info("listing.state", {{"category", category.str()},
                                {"day", to_string(day)},
                                {"state", std::string(name_of(kind))},
                                {"detail", detail}});
  state.category = category;
  state.day = day;
  state.kind = kind;
  state.detail = std::move(detail);
  state.checked = clock_.now();
  metrics_.count("broadsheet_source_looks_total", "Looks for a listing, by what they found",
                 {{"found", std::string(name_of(kind))}});
}

awaitable<bool> ListingLoop::settled(Category category, Day day) {
  auto work = [&store = store_, category, day] { return store.listings().get(category, day); };
  auto known = co_await workers_.run(std::move(work));
  if (!known || !*known) co_return false;
  if (!(*known)->frozen) {
    if (!states_.contains(category)) note(category, day, Kind::unchecked, (*known)->from.note);
    co_return false;
  }
  if (auto it = states_.find(category); it == states_.end() || it->second.day != day) {
    note(category, day, Kind::ready, {});
    co_await stored_(category, day);  // its digest may be missing after a crash in between
  }
  co_return true;
}

awaitable<bool> ListingLoop::keep(Category category, ListingBatch batch) {
  auto day = batch.listing.day;
  // True when something was news: what could not be checked comes again every quarter of an hour.
  auto work = [&store = store_, batch = std::move(batch)]() -> Result<bool> {
    auto known = store.listings().get(batch.listing.category, batch.listing.day);
    if (!known) return known.error();
    if (*known && (*known)->entries == batch.listing.entries && (*known)->frozen == batch.listing.frozen) return false;
    if (auto put = store_batch(store, batch); !put) return put.error();
    return true;
  };
  auto done = co_await workers_.run(std::move(work));
  if (done && !*done) co_return true;
  if (!done) {
    log::error("listing.not_stored", {{"category", category.str()}, {"why", done.error().what()}});
    note(category, day, Kind::down, "the listing came but could not be stored: " + done.error().what());
    co_return false;
  }
  co_await stored_(category, day);
  co_return true;
}

// Nothing announced is left out after an absence; what could not be had or checked is asked for again every hour.
awaitable<void> ListingLoop::catch_up(Category category, Day day) {
  auto& plan = caught_up_[category];
  if (plan.day == day && (!plan.again || clock_.steady_now() < *plan.again)) co_return;
  auto work = [&store = store_, calendar = source_.calendar(), category, day] {
    return missed_days(store, calendar, category, day);
  };
  auto missed = co_await workers_.run(std::move(work));
  if (plan.day == Day{} && missed.kept) co_await stored_(category, *missed.kept);
  bool all = true;
  for (auto d : missed.days) all = co_await fetch_missed(category, d) && all;
  plan.day = day;
  plan.again.reset();
  if (!all) plan.again = clock_.steady_now() + kCatchUpAgain;
}

// True when the day is complete.
awaitable<bool> ListingLoop::fetch_missed(Category category, Day day) {
  auto outcome = co_await source_.listing(category, day);
  auto* ready = std::get_if<ListingReady>(&outcome);
  if (ready == nullptr) {
    log::warning("listing.missed", {{"category", category.str()}, {"day", to_string(day)}});
    co_return false;
  }
  log::info("listing.caught_up", {{"category", category.str()}, {"day", to_string(day)}});
  bool frozen = ready->batch.listing.frozen;
  co_return co_await keep(category, std::move(ready->batch)) && frozen;
}

// A part never takes the place of more.
awaitable<void> ListingLoop::keep_part(Category category, ListingBatch batch) {
  auto work = [&store = store_, category, day = batch.listing.day] { return store.listings().get(category, day); };
  auto known = co_await workers_.run(std::move(work));
  if (known && *known && (*known)->entries.size() >= batch.listing.entries.size()) co_return;
  co_await keep(category, std::move(batch));
}

awaitable<void> ListingLoop::look_at(Category category, Day day) {
  auto outcome = co_await source_.listing(category, day);
  if (auto* ready = std::get_if<ListingReady>(&outcome)) {
    bool frozen = ready->batch.listing.frozen;
    auto detail = ready->batch.listing.from.note;
    if (co_await keep(category, std::move(ready->batch)))
      note(category, day, frozen ? Kind::ready : Kind::unchecked, frozen ? std::string() : detail);
  } else if (auto* late = std::get_if<NotYet>(&outcome)) {
    note(category, day, Kind::not_yet, late->why);
  } else if (auto* part = std::get_if<Incomplete>(&outcome)) {
    auto detail =
        "the listing says " + std::to_string(part->announced) + ", " + std::to_string(part->arrived) + " arrived";
    if (clock_.now() >= source_.calendar().announced_at(day) + kSettleForLess) {
      part->so_far.listing.from.note = detail;
      co_await keep_part(category, std::move(part->so_far));
    }
    note(category, day, Kind::incomplete, detail);
    states_[category].announced = part->announced;
    states_[category].arrived = part->arrived;
  } else if (auto* down = std::get_if<SourceDown>(&outcome)) {
    note(category, day, Kind::down, "arXiv does not answer since " + in_words(down->since) + ": " + down->error.what());
  }
}

// Until the next look: soon while something is open, else shortly after the next announcement.
awaitable<void> ListingLoop::rest(bool open) {
  const auto& calendar = source_.calendar();
  auto now = clock_.now();
  auto next = calendar.announced_at(calendar.next_listing(calendar.current_listing(now - kFirstLook))) + kFirstLook;
  if (open) next = std::min<Moment>(next, now + kPoll);
  next_look_ = next;
  // Re-read at least every poll: the wall clock may jump.
  co_await wake_.wait(std::min<std::chrono::milliseconds>(next - now, kPoll));
}

awaitable<void> ListingLoop::run() {
  co_await keep_memory(source_, store_, workers_);
  wake_.silence();
  while (true) {
    bool open = false;
    auto day = source_.calendar().current_listing(clock_.now() - kFirstLook);
    auto wanted = wanted_;
    for (const auto& category : wanted) {
      co_await catch_up(category, day);
      if (co_await settled(category, day)) continue;
      co_await look_at(category, day);
      auto state = states_.find(category);
      open = open || state == states_.end() || state->second.kind != Kind::ready;
    }
    co_await rest(open);
  }
}

}  // namespace broadsheet::loops
