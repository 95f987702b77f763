#include "bot/app/listing_loop.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/multiple_exceptions.hpp>
#include <charconv>

#include "bot/app/stored_listing.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::app {
namespace {

using boost::asio::awaitable;
using Kind = ListingState::Kind;

constexpr std::chrono::minutes kPoll{15};         // contracts: arXiv 2.5, rule 2
constexpr std::chrono::minutes kFirstLook{15};    // after the announcement at 20:00 Eastern
constexpr std::chrono::hours kSettleForLess{10};  // an incomplete listing is taken as it is at 06:00 Eastern
constexpr int kMostMissed = 7;                    // listing days fetched after an absence
constexpr std::array kSources = {
    std::pair(arxiv::SourceKind::feed, "arxiv.silence.feed"), std::pair(arxiv::SourceKind::api, "arxiv.silence.api"),
    std::pair(arxiv::SourceKind::oai, "arxiv.silence.oai"), std::pair(arxiv::SourceKind::site, "arxiv.silence.site")};

std::string_view name_of(Kind kind) {
  constexpr std::array<std::string_view, 6> kNames = {"unknown", "ready", "unchecked", "not_yet", "incomplete", "down"};
  return kNames.at(static_cast<std::size_t>(kind));
}

// "1768280400000 2 arXiv asks to slow down"
std::string silence_text(const arxiv::Silence& s) {
  return std::to_string(s.until.time_since_epoch().count()) + " " + std::to_string(s.times) + " " + s.why;
}

std::optional<arxiv::Silence> parse_silence(std::string_view text) {
  std::int64_t until = 0;
  arxiv::Silence out;
  auto [a, ec] = std::from_chars(text.data(), text.data() + text.size(), until);
  if (ec != std::errc{} || a == text.data() + text.size()) return std::nullopt;
  auto [b, ec2] = std::from_chars(a + 1, text.data() + text.size(), out.times);
  if (ec2 != std::errc{}) return std::nullopt;
  out.until = Moment(std::chrono::milliseconds(until));
  if (b != text.data() + text.size()) out.why = std::string(b + 1, text.data() + text.size());
  return out;
}

}  // namespace

ListingLoop::ListingLoop(const boost::asio::any_io_executor& executor, arxiv::Follower& follower, arxiv::Gate& gate,
                         store::Store& store, async::Offload& workers, Clock& clock, Metrics& metrics, Stored stored)
    : follower_(follower),
      gate_(gate),
      store_(store),
      workers_(workers),
      clock_(clock),
      metrics_(metrics),
      stored_(std::move(stored)),
      wake_(executor) {}

void ListingLoop::want(const std::vector<Category>& categories) {
  for (const auto& category : categories)
    if (std::find(wanted_.begin(), wanted_.end(), category) == wanted_.end()) {
      wanted_.push_back(category);
      wake_.set();
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
  auto work = [this, category, day] { return store_.listing(category, day); };
  auto known = co_await workers_.run(std::move(work));
  if (!known || !*known || !(*known)->frozen) co_return false;
  if (auto it = states_.find(category); it == states_.end() || it->second.day != day) {
    note(category, day, Kind::ready, {});
    co_await stored_(category, day);  // its digest may be missing after a crash in between
  }
  co_return true;
}

awaitable<bool> ListingLoop::keep(Category category, ListingBatch batch) {
  auto day = batch.listing.day;
  // True when something was news: what could not be checked comes again every quarter of an hour.
  auto work = [this, batch = std::move(batch)]() -> Result<bool> {
    auto known = store_.listing(batch.listing.category, batch.listing.day);
    if (!known) return known.error();
    if (*known && (*known)->entries == batch.listing.entries && (*known)->frozen == batch.listing.frozen) return false;
    if (auto put = store_batch(store_, batch); !put) return put.error();
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

// The listing days before `day`, back to the last frozen one, oldest first; none when nothing was ever stored.
std::vector<Day> ListingLoop::missed_days(const Category& category, Day day) const {
  std::vector<Day> out;
  auto last = store_.last_listing(category, day);
  if (!last || !*last) return out;
  const auto& calendar = follower_.calendar();
  for (auto d = calendar.previous_listing(day); d >= (*last)->day && out.size() < kMostMissed;
       d = calendar.previous_listing(d)) {
    auto known = store_.listing(category, d);
    if (known && *known && (*known)->frozen) break;
    out.insert(out.begin(), d);
  }
  return out;
}

// Nothing announced is left out after an absence, and what could not be checked is looked up again.
awaitable<void> ListingLoop::catch_up(Category category, Day day) {
  auto work = [this, category, day] { return missed_days(category, day); };
  auto missed = co_await workers_.run(std::move(work));
  for (auto d : missed) {
    auto outcome = co_await follower_.listing(category, d);
    if (auto* ready = std::get_if<ListingReady>(&outcome)) {
      log::info("listing.caught_up", {{"category", category.str()}, {"day", to_string(d)}});
      co_await keep(category, std::move(ready->batch));
    } else {
      log::warning("listing.missed", {{"category", category.str()}, {"day", to_string(d)}});
    }
  }
}

awaitable<void> ListingLoop::look_at(Category category, Day day) {
  auto outcome = co_await follower_.listing(category, day);
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
    if (clock_.now() >= follower_.calendar().announced_at(day) + kSettleForLess) {
      part->so_far.listing.from.note = detail;
      co_await keep(category, std::move(part->so_far));
    }
    note(category, day, Kind::incomplete, detail);
  } else if (auto* down = std::get_if<SourceDown>(&outcome)) {
    note(category, day, Kind::down, "arXiv does not answer since " + to_iso(down->since) + ": " + down->error.what());
  }
}

awaitable<void> ListingLoop::save_silences() {
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& [source, name] : kSources) {
    auto it = gate_.silences().find(source);
    values.emplace_back(name, it == gate_.silences().end() ? std::string() : silence_text(it->second));
  }
  auto work = [this, values = std::move(values)]() -> Status {
    for (const auto& [name, value] : values) {
      auto known = store_.value(name);
      if (known && known->value_or("") == value) continue;
      if (auto put = store_.put_value(name, value); !put) return put;
    }
    return {};
  };
  if (auto kept = co_await workers_.run(std::move(work)); !kept)
    log::warning("listing.silence_not_stored", {{"why", kept.error().what()}});
}

awaitable<void> ListingLoop::restore_silences() {
  for (const auto& [source, name] : kSources) {
    auto work = [this, key = std::string(name)] { return store_.value(key); };
    auto value = co_await workers_.run(std::move(work));
    if (!value || !*value) continue;
    if (auto silence = parse_silence(**value)) gate_.restore(source, *silence);
  }
}

// Until the next look: soon while something is open, else shortly after the next announcement.
awaitable<void> ListingLoop::rest(bool open) {
  const auto& calendar = follower_.calendar();
  auto now = clock_.now();
  auto next = calendar.announced_at(calendar.next_listing(calendar.current_listing(now - kFirstLook))) + kFirstLook;
  if (open) next = std::min<Moment>(next, now + kPoll);
  next_look_ = next;
  // Re-read at least every poll: the wall clock may jump.
  using boost::asio::experimental::awaitable_operators::operator||;
  auto wait = std::min<std::chrono::milliseconds>(next - now, kPoll);
  try {
    co_await (async::sleep_for(clock_, wait) || wake_.wait());
  } catch (const boost::asio::multiple_exceptions& both) {  // cancelled: each side says so
    std::rethrow_exception(both.first_exception());
  }
  wake_.clear();
}

awaitable<void> ListingLoop::run() {
  co_await restore_silences();
  wake_.clear();
  std::map<Category, Day> caught_up;
  while (true) {
    bool open = false;
    auto day = follower_.calendar().current_listing(clock_.now() - kFirstLook);
    auto wanted = wanted_;
    for (const auto& category : wanted) {
      if (co_await settled(category, day)) continue;
      if (auto& last = caught_up[category]; last != day) {
        co_await catch_up(category, day);
        last = day;
      }
      co_await look_at(category, day);
      auto state = states_.find(category);
      open = open || state == states_.end() || state->second.kind != Kind::ready;
    }
    co_await save_silences();
    co_await rest(open);
  }
}

}  // namespace broadsheet::app
