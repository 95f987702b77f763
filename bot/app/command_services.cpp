#include "bot/app/command_services.hpp"

#include <algorithm>
#include <set>

#include "bot/app/fan_out.hpp"
#include "bot/base/log.hpp"
#include "bot/loops/coverage.hpp"
#include "bot/loops/public_page.hpp"
#include "bot/loops/shown_cards.hpp"
#include "bot/loops/stored_listing.hpp"
#include "bot/schedule/due.hpp"

namespace broadsheet::app {
namespace {

using commands::awaitable;
using commands::Decided;
using commands::DigestOutcome;
using commands::NoDigest;
using model::Subscription;

// Which address failed how is for the log.
ListingOutcome for_people(ListingOutcome outcome) {
  if (auto* down = std::get_if<SourceDown>(&outcome)) {
    log::warning("commands.source_down", {{"why", down->error.what()}});
    down->error = Error(ErrorKind::unavailable, {});
  }
  if (auto* late = std::get_if<NotYet>(&outcome); late != nullptr && !late->why.empty()) {
    log::info("commands.not_yet", {{"why", late->why}});
    late->why.clear();
  }
  return outcome;
}

constexpr std::chrono::days kAsked{28};  // runs further back are not asked about

// What a subscription was given so far.
struct Given {
  std::optional<model::Slot> last;
  std::optional<Day> covered;
  std::set<model::RunName> runs;
};

// A person's own digests are remembered wherever they were asked for.
std::string person_of(const model::ReplyTo& from) {
  return from.target.platform.str() + ":" + from.target.workspace + " " + from.who.id;
}

bool is_version(const std::optional<Paper>& paper, const VersionedId& id) {
  return paper && (id.version == 0 || paper->version == id.version);
}

}  // namespace

CommandServices::CommandServices(Parts parts) : parts_(std::move(parts)) {}

awaitable<Result<model::Role>> CommandServices::role_of(model::Actor who, model::Target where) {
  auto name = where.platform.str() + ":" + (where.workspace.empty() ? "" : where.workspace + "/") + who.id;
  auto operators = parts_.operators();
  if (std::find(operators.begin(), operators.end(), name) != operators.end()) co_return model::Role::operator_;
  if (who.role == model::Role::guest) co_return who.role;
  auto* platform = parts_.platform(where.platform);
  if (platform == nullptr) co_return Error(ErrorKind::unavailable, "this platform is off");
  co_return co_await platform->role_of(std::move(who), std::move(where));
}

// Our own store first, then arXiv, politely (contracts: arXiv 0).
awaitable<Result<std::optional<Paper>>> CommandServices::paper(VersionedId id) {
  auto look = [this, wanted = id.id] { return parts_.store.papers().get(wanted); };
  auto known = co_await parts_.workers.run(std::move(look));
  if (!known) co_return known.error();
  if (is_version(*known, id)) co_return known;
  auto fetched = co_await parts_.source.paper(id);
  if (!fetched) {
    if (*known) co_return known;  // another version than asked for is better than nothing; the card names it
    if (fetched.error().kind() == ErrorKind::not_found) co_return std::optional<Paper>();
    co_return fetched.error();
  }
  auto keep = [this, paper = *fetched] { return parts_.store.papers().put({paper}); };
  if (auto kept = co_await parts_.workers.run(std::move(keep)); !kept) co_return kept.error();
  co_return std::optional<Paper>(std::move(*fetched));
}

awaitable<Result<std::vector<Card>>> CommandServices::cards(std::vector<VersionedId> ids) {
  std::vector<Paper> papers;
  for (const auto& id : ids) {
    auto found = co_await paper(id);
    if (!found) co_return found.error();
    if (*found) papers.push_back(std::move(**found));
  }
  co_return co_await parts_.builds.cards(std::move(papers), model::resolve({parts_.service()}).language);
}

awaitable<Result<std::vector<Card>>> CommandServices::stored_cards(std::vector<VersionedId> ids) {
  auto language = model::resolve({parts_.service()}).language;
  auto read = [this, ids = std::move(ids), language]() -> Result<std::vector<Card>> {
    std::vector<Card> out;
    for (const auto& id : ids) {
      auto known = parts_.store.papers().get(id.id);
      if (!known) return known.error();
      if (!is_version(*known, id)) continue;
      if (auto card = parts_.builds.ready(**known, language)) out.push_back(std::move(*card));
    }
    return out;
  };
  co_return co_await parts_.workers.run(std::move(read));
}

awaitable<Result<commands::ShownCards>> CommandServices::shown_cards(model::ReplyTo from) {
  auto read = [this, place = from.target.str(), person = person_of(from)]() -> Result<commands::ShownCards> {
    auto here = loops::remembered_cards(parts_.store, place);
    if (!here) return here.error();
    auto own = loops::remembered_cards(parts_.store, person);
    if (!own) return own.error();
    auto& newest = *own && (!*here || (*own)->at > (*here)->at) ? *own : *here;
    return newest ? commands::ShownCards{std::move(newest->papers)} : commands::ShownCards{};
  };
  co_return co_await parts_.workers.run(std::move(read));
}

awaitable<void> CommandServices::show_cards(model::ReplyTo from, model::Visibility to, std::vector<PaperId> papers) {
  auto reader = to == model::Visibility::channel ? from.target.str() : person_of(from);
  auto keep = [this, reader = std::move(reader), cards = loops::ShownCards{parts_.clock.now(), std::move(papers)}] {
    return loops::remember_cards(parts_.store, reader, cards);
  };
  if (auto kept = co_await parts_.workers.run(std::move(keep)); !kept)
    log::warning("commands.cards_not_remembered", {{"why", kept.error().what()}});
}

awaitable<PaperId> CommandServices::paper_above(model::ReplyTo command) {
  auto* platform = parts_.platform(command.target.platform);
  if (platform == nullptr) co_return PaperId();
  co_return co_await platform->paper_above(std::move(command));
}

awaitable<std::optional<adapters::Refused>> CommandServices::hindrance(model::Target where) {
  auto* platform = parts_.platform(where.platform);
  if (platform == nullptr) co_return std::nullopt;
  co_return co_await platform->hindrance(std::move(where));
}

awaitable<std::string> CommandServices::name_of(model::Actor who, model::Target where) {
  auto* platform = parts_.platform(where.platform);
  if (platform == nullptr) co_return who.name;
  co_return co_await platform->name_of(std::move(who), std::move(where));
}

// Into the line of what is sent, under a slot that is filled once.
awaitable<Status> CommandServices::send(delivery::PostOptions options, std::vector<model::OutgoingMessage> messages) {
  options.now = parts_.clock.now();
  auto kind = options.target.platform;
  auto name = model::SlotName("post/" + kind.str() + "/" + options.group);
  auto work = [this, rows = delivery::rows_of(messages, options), name = std::move(name), now = options.now] {
    return parts_.store.outbox().enqueue(name, rows, now);
  };
  auto done = co_await parts_.workers.run(std::move(work));
  if (!done) co_return done.error();
  parts_.enqueued(kind);
  co_return Status();
}

awaitable<Status> CommandServices::post(model::Target where, std::string id, commands::BuiltDigest built,
                                        model::Effective options) {
  auto* platform = parts_.platform(where.platform);
  if (platform == nullptr) co_return Error(ErrorKind::unavailable, "this platform is off");
  const auto& key = built.digest.key;
  auto page = loops::public_page(parts_.public_url, {key.categories, key.day, built.since.has_value(), options},
                                 model::resolve({parts_.service()}));
  auto work = [platform, options, built = std::move(built), page = std::move(page)] {
    return delivery::render_digest(built.digest, options, *platform, page, built.since);
  };
  auto messages = co_await parts_.workers.run(std::move(work));
  delivery::PostOptions post;
  post.target = std::move(where);
  post.effective = std::move(options);
  post.group = "command/" + id;
  co_return co_await send(std::move(post), std::move(messages));
}

awaitable<Status> CommandServices::announce(model::Target where, std::string id, doc::Document line) {
  auto* platform = parts_.platform(where.platform);
  if (platform == nullptr) co_return Error(ErrorKind::unavailable, "this platform is off");
  delivery::PostOptions post;
  post.target = std::move(where);
  post.effective.on_unknown = model::UnknownPolicy::skip;
  post.group = "line/" + id;
  auto messages = platform->render({{model::PartKind::notice, std::move(line), {}}}, {});
  co_return co_await send(std::move(post), std::move(messages));
}

// The extractive writer copies sentences: it can write in no other language than the papers'.
std::vector<std::string> CommandServices::languages() const {
  return {"en"};
}

awaitable<Result<store::SearchAnswer>> CommandServices::search(store::SearchRequest request) {
  request.deadline = store::kServedSearch;
  auto work = [this, request = std::move(request)] { return parts_.store.search().find(request); };
  co_return co_await parts_.workers.run(std::move(work));
}

awaitable<ListingOutcome> CommandServices::fetch_and_keep(Category category, Day day) {
  auto outcome = co_await parts_.source.listing(category, day);
  const auto* ready = std::get_if<ListingReady>(&outcome);
  if (ready == nullptr) co_return for_people(std::move(outcome));
  auto keep = [this, batch = ready->batch] { return loops::store_batch(parts_.store, batch); };
  if (auto kept = co_await parts_.workers.run(std::move(keep)); !kept)
    co_return SourceDown{day, kept.error(), parts_.clock.now()};
  co_return outcome;
}

// Nothing when it was stopped by whoever asked first.
awaitable<std::optional<ListingOutcome>> CommandServices::fetch(Category category, Day day) {
  std::pair key(category, day);
  if (auto it = fetching_.find(key); it != fetching_.end()) {
    auto joined = it->second;
    co_await joined->finished.wait();
    co_return joined->outcome;
  }
  auto mine = std::make_shared<Fetch>(co_await boost::asio::this_coro::executor);
  fetching_[key] = mine;
  // Whoever joined is woken also when this coroutine is cancelled.
  struct Finish {
    CommandServices& services;
    const std::pair<Category, Day>& key;
    Fetch& fetch;
    ~Finish() {
      services.fetching_.erase(key);
      fetch.finished.set();
    }
  } finish{*this, key, *mine};
  mine->outcome = co_await fetch_and_keep(category, day);
  co_return mine->outcome;
}

// Makes sure that the listings of a day are stored; what stands in the way otherwise.
awaitable<std::optional<NoDigest>> CommandServices::bring(std::vector<Category> categories, Day day) {
  for (const auto& category : categories) {
    std::optional<ListingOutcome> outcome;
    while (!outcome) {
      auto look = [this, category, day] { return parts_.store.listings().get(category, day); };
      auto known = co_await parts_.workers.run(std::move(look));
      if (known && *known) break;
      outcome = co_await fetch(category, day);
    }
    if (outcome && !std::holds_alternative<ListingReady>(*outcome)) co_return NoDigest{category, std::move(*outcome)};
  }
  co_return std::nullopt;
}

// Of a range: what cannot be had is named by the digest. Newest first; the rest is not asked for while arXiv is silent.
awaitable<void> CommandServices::bring_earlier(std::vector<Category> categories, std::vector<Day> days) {
  for (auto day = days.rbegin(); day != days.rend(); ++day)
    for (const auto& category : categories) {
      auto missing = co_await bring({category}, *day);
      if (missing && std::holds_alternative<SourceDown>(missing->why)) co_return;
    }
}

awaitable<Result<DigestOutcome>> CommandServices::digest(commands::DigestRequest request) {
  const auto& calendar = parts_.source.calendar();
  auto newest = calendar.current_listing(parts_.clock.now());
  auto last = request.dates ? request.dates->last : newest;
  auto first = request.dates ? request.dates->first : last;
  // A range is told by its listing days; a single quiet day is explained.
  if (first < last) last = std::min(last, newest);
  while (last > first && calendar.quiet(last)) last -= std::chrono::days(1);
  std::string instead;
  if (auto missing = co_await bring(request.categories, last)) {
    // "latest" before the batch is there means the one before.
    bool late = std::holds_alternative<NotYet>(missing->why) && !request.dates;
    if (!late) co_return DigestOutcome(std::move(*missing));
    instead =
        missing->category.str() + " for " + long_date(last) + " is not announced yet: this is the listing before.";
    last = first = calendar.previous_listing(last);
    if (auto again = co_await bring(request.categories, last)) co_return DigestOutcome(std::move(*again));
  }
  BuildOptions wanted;
  wanted.categories = request.categories;
  wanted.day = last;
  if (first < last) wanted.earlier = calendar.listings(first, last);
  wanted.style = request.options.style;
  wanted.language = request.options.language;
  wanted.top = request.options.top;
  wanted.interests = request.options.interests;
  wanted.filter_text = request.options.filter;
  co_await bring_earlier(request.categories, wanted.earlier);
  auto since = wanted.earlier.empty() ? std::nullopt : std::optional(wanted.earlier.front());
  auto digest = co_await parts_.builds.get(std::move(wanted));
  if (!digest) co_return digest.error();
  digest->note = loops::sentences(instead, digest->note);
  co_return DigestOutcome(commands::BuiltDigest{std::move(*digest), since});
}

awaitable<Result<std::vector<Subscription>>> CommandServices::subscriptions(model::Target where) {
  auto work = [this, where] { return parts_.store.subscriptions().of(where); };
  co_return co_await parts_.workers.run(std::move(work));
}

awaitable<Result<Subscription>> CommandServices::put(Subscription subscription) {
  auto work = [this, subscription = std::move(subscription)] { return parts_.store.subscriptions().put(subscription); };
  auto stored = co_await parts_.workers.run(std::move(work));
  if (stored) parts_.subscribed(*stored);
  co_return stored;
}

awaitable<Status> CommandServices::remove(model::SubscriptionId id) {
  auto work = [this, id = std::move(id)] { return parts_.store.subscriptions().remove(id); };
  co_return co_await parts_.workers.run(std::move(work));
}

awaitable<Result<Decided>> CommandServices::decided(Subscription subscription) {
  Decided out;
  schedule::Question question;
  question.options = model::resolve({subscription.options, parts_.service()});
  question.created = subscription.created;
  auto now = parts_.clock.now();
  auto read = [this, id = subscription.id, now]() -> Result<Given> {
    auto& store = parts_.store.subscriptions();
    auto last = store.last_slot(id);
    if (!last) return last.error();
    auto covered = store.covered();
    if (!covered) return covered.error();
    auto slots = store.slots(id, std::chrono::floor<std::chrono::days>(now) - kAsked);
    if (!slots) return slots.error();
    Given given{*last, {}, {}};
    if (auto it = covered->find(id); it != covered->end()) given.covered = it->second;
    for (auto& slot : *slots) given.runs.insert(std::move(slot.run));
    return given;
  };
  auto given = co_await parts_.workers.run(std::move(read));
  if (!given) co_return given.error();
  question.covered = given->covered;
  question.done = [&given](const model::RunName& run) { return given->runs.contains(run); };
  if (given->last) out.last = given->last->at;
  if (subscription.state == model::SubscriptionState::active) {
    out.next = schedule::next_post(question, parts_.source.calendar(), now);
    out.overdue = *out.next <= now;
  }
  out.options = std::move(question.options);
  out.subscription = std::move(subscription);
  co_return out;
}

awaitable<Result<commands::FanOut>> CommandServices::fan_out(Subscription subscription) {
  auto* platform = parts_.platform(subscription.target.platform);
  if (platform == nullptr) co_return Error(ErrorKind::unavailable, "this platform is off");
  auto work = [this, platform, subscription = std::move(subscription),
               service = parts_.service()]() -> Result<commands::FanOut> {
    auto all = parts_.store.subscriptions().all();
    if (!all) return all.error();
    return app::fan_out(*platform, due_with(subscription, *all, service), service);
  };
  co_return co_await parts_.workers.run(std::move(work));
}

awaitable<Result<commands::StatusReport>> CommandServices::status(model::Target where) {
  commands::StatusReport out;
  out.version = parts_.version;
  auto subscriptions = co_await this->subscriptions(where);
  if (!subscriptions) co_return subscriptions.error();
  std::vector<Category> categories;
  for (const auto& subscription : *subscriptions) {
    categories.insert(categories.end(), subscription.categories.begin(), subscription.categories.end());
    auto one = co_await decided(subscription);
    if (!one) co_return one.error();
    if (one->next && (!out.next_delivery || *one->next < *out.next_delivery)) out.next_delivery = one->next;
    if (one->last && (!out.last_delivery || *one->last > *out.last_delivery)) out.last_delivery = one->last;
  }
  auto read = [this, categories, where] {
    std::vector<commands::StatusReport::CategoryState> states;
    for (const auto& category : categories) {
      auto last = parts_.store.listings().last(category, std::nullopt);
      commands::StatusReport::CategoryState state{category, {}, 0, {}};
      if (last && *last) {
        state.last_listing = (*last)->day;
        state.announced = (*last)->entries.size();
      }
      states.push_back(std::move(state));
    }
    std::size_t waiting = 0;
    for (auto open : {model::RowState::pending, model::RowState::sending, model::RowState::ambiguous})
      if (auto rows = parts_.store.outbox().list({.state = open, .target = where})) waiting += rows->size();
    return std::pair(std::move(states), waiting);
  };
  std::tie(out.categories, out.waiting) = co_await parts_.workers.run(std::move(read));
  for (const auto& state : parts_.listings.states()) {
    bool down = state.kind == loops::ListingState::Kind::down;
    if (down) out.source_trouble = state.detail;
    if (down && (!out.source_down || state.since < *out.source_down)) out.source_down = state.since;
    for (auto& one : out.categories)
      if (one.category == state.category && state.day != Day{} && state.kind != loops::ListingState::Kind::ready &&
          (!one.last_listing || *one.last_listing < state.day))
        one.awaited = state.day;
  }
  if (auto* platform = parts_.platform(where.platform)) out.platform_trouble = platform->trouble();
  co_return out;
}

}  // namespace broadsheet::app
