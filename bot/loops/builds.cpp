#include "bot/loops/builds.hpp"

#include <algorithm>

#include "bot/base/log.hpp"
#include "bot/loops/coverage.hpp"
#include "bot/loops/stored_listing.hpp"
#include "bot/store/query.hpp"
#include "digest/write/card.hpp"

namespace broadsheet::loops {
namespace {

using boost::asio::awaitable;

constexpr std::size_t kRemembered = 12;  // earlier digests whose papers are not shown again

// Papers shown in the earlier digests of the same reader.
std::set<PaperId> shown_before(store::Store& store, const DigestKey& key) {
  std::set<PaperId> out;
  auto refs = store.digests().list(std::nullopt, key.categories.front(), kRemembered * 4);
  if (!refs) return out;
  std::size_t used = 0;
  for (const auto& ref : *refs) {
    bool same = ref.key.categories == key.categories && ref.key.profile == key.profile && ref.key.day < key.day;
    if (!same || !ref.imported.empty() || used == kRemembered) continue;
    ++used;
    if (auto digest = store.digests().get(ref.key); digest && *digest)
      for (const auto& card : (*digest)->cards) out.insert(card.paper.id);
  }
  return out;
}

// True if the stored digest was made from exactly these listings.
bool made_from(const Digest& digest, const std::vector<ListingBatch>& batches) {
  if (digest.listings.size() != batches.size()) return false;
  for (std::size_t i = 0; i < batches.size(); ++i)
    if (digest.listings[i].category != batches[i].listing.category ||
        digest.listings[i].from != batches[i].listing.from)
      return false;
  return true;
}

std::string notes_of(const std::vector<ListingBatch>& batches) {
  for (const auto& batch : batches)
    if (!batch.listing.from.note.empty()) return batch.listing.category.str() + ": " + batch.listing.from.note;
  return {};
}

// Adds what is stored of a listing day to `batches`.
Result<CoveredDay> add_stored(store::Store& store, const std::vector<Category>& categories, Day day,
                              std::vector<ListingBatch>& batches) {
  CoveredDay out{day, {}, {}};
  for (const auto& category : categories) {
    auto batch = stored_batch(store, category, day);
    if (!batch) return batch.error();
    (*batch ? out.held : out.missing).push_back(category);
    if (*batch) batches.push_back(std::move(**batch));
  }
  return out;
}

Error not_stored(const CoveredDay& day) {
  std::string missing;
  for (const auto& category : day.missing) missing += (missing.empty() ? "" : ", ") + category.str();
  return Error(ErrorKind::not_found, "no listing of " + missing + " for " + to_string(day.day) + " is stored");
}

}  // namespace

Result<PaperFilter> make_filter(const std::string& text) {
  if (text.empty()) return PaperFilter();
  auto query = store::parse_query(text);
  if (!query) return query.error();
  auto shared = std::make_shared<store::Query>(std::move(*query));  // std::function wants copies
  return PaperFilter([shared, text](const Paper& paper) -> std::optional<std::string> {
    if (store::matches(*shared, paper)) return std::nullopt;
    return "does not match the filter " + text;
  });
}

Builds::Builds(store::Store& store, async::Offload& workers, Clock& clock, Metrics& metrics, write::Writer* writer,
               Kept* kept, WritingLimits limits)
    : store_(store),
      workers_(workers),
      clock_(clock),
      metrics_(metrics),
      pipeline_(workers, clock, writer, kept, limits) {}

Result<Builds::Draft> Builds::draft(BuildOptions options) const {
  std::vector<ListingBatch> batches;
  auto newest = add_stored(store_, options.categories, options.day, batches);
  if (!newest) return newest.error();
  if (!newest->missing.empty()) return not_stored(*newest);
  // Earlier days of the same reader: what is stored of them joins the day's own listings.
  std::vector<CoveredDay> covered;
  for (auto day : options.earlier) {
    auto earlier = add_stored(store_, options.categories, day, batches);
    if (!earlier) return earlier.error();
    covered.push_back(std::move(*earlier));
  }
  covered.push_back(std::move(*newest));
  auto known = store_.digests().get(digest_key(options));
  if (known && *known && made_from(**known, batches) && fully_written(**known)) return Draft{std::move(**known), true};
  auto filter = make_filter(options.filter_text);
  if (!filter) return filter.error();
  options.filtered = std::move(*filter);
  options.read_query = make_filter;
  options.seen_before = shown_before(store_, digest_key(options));
  if (options.note.empty()) options.note = notes_of(batches);
  if (!options.earlier.empty()) options.note = sentences(coverage_text(covered), options.note);
  return Draft{build_digest(batches, options, clock_.now()), false};
}

awaitable<Result<Digest>> Builds::build(BuildOptions options) {
  auto work = [this, wanted = std::move(options)]() mutable { return draft(std::move(wanted)); };
  auto drafted = co_await workers_.run(std::move(work));
  if (!drafted) co_return drafted.error();
  if (drafted->finished) co_return std::move(drafted->digest);
  auto digest = co_await pipeline_.write(std::move(drafted->digest));
  auto keep = [this, digest]() -> Status { return store_.digests().put(digest); };
  if (auto kept = co_await workers_.run(std::move(keep)); !kept) co_return kept.error();
  co_return digest;
}

std::optional<Card> Builds::ready(const Paper& paper, const std::string& language) const {
  return pipeline_.ready(write::write_card(paper, AnnounceType::new_paper, {}), language);
}

awaitable<std::vector<Card>> Builds::cards(std::vector<Paper> papers, std::string language) {
  auto work = [papers = std::move(papers)] {
    std::vector<Card> out;
    for (const auto& paper : papers) out.push_back(write::write_card(paper, AnnounceType::new_paper, {}));
    return out;
  };
  auto extracts = co_await workers_.run(std::move(work));
  co_return co_await pipeline_.cards(std::move(extracts), std::move(language));
}

bool Builds::is_of_now(const Digest& digest) const {
  return std::all_of(digest.listings.begin(), digest.listings.end(), [&](const auto& made_of) {
    auto known = store_.listings().get(made_of.category, digest.key.day);
    return !known || !*known || (*known)->from == made_of.from;
  });
}

awaitable<Result<Digest>> Builds::get(BuildOptions options) {
  options.writer = pipeline_.writer_name();
  auto key = digest_key(options);
  if (auto it = running_.find(key); it != running_.end()) {
    auto joined = it->second;
    co_await joined->finished.wait();
    // The listing may have been stored (again) after that build had read it.
    auto work = [this, result = joined->result] { return !result || is_of_now(*result); };
    if (co_await workers_.run(std::move(work))) co_return joined->result;
    co_return co_await get(std::move(options));
  }
  auto mine = std::make_shared<Running>(co_await boost::asio::this_coro::executor);
  running_[key] = mine;
  // Whoever joined is woken also when this coroutine is cancelled.
  struct Finish {
    Builds& builds;
    const DigestKey& key;
    Running& running;
    ~Finish() {
      builds.running_.erase(key);
      running.finished.set();
    }
  } finish{*this, key, *mine};
  mine->result = Error(ErrorKind::transient, "the build was stopped; ask again");
  mine->result = co_await build(std::move(options));
  metrics_.count("broadsheet_digest_builds_total", "Digests asked for, by result",
                 {{"result", mine->result ? "ok" : "failed"}});
  if (!mine->result) log::warning("build.failed", {{"digest", key.str()}, {"why", mine->result.error().what()}});
  co_return mine->result;
}

}  // namespace broadsheet::loops
