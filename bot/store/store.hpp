// The store: papers with versions, listings, digests and the full-text index. Blocking calls: use them from a worker
// thread or a command-line process, never on the I/O thread. One process owns a data folder (lock). Thread-safe.
// Implementations must pass tests/unit/store/conformance.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/store/inbox.hpp"
#include "bot/store/outbox.hpp"
#include "bot/store/subscriptions.hpp"
#include "digest/model/digest.hpp"
#include "digest/model/listing.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet::store {

enum class PutResult : std::uint8_t { added, updated, unchanged };

struct PutCounts {
  std::size_t added = 0, updated = 0, unchanged = 0;
};

enum class SearchOrder : std::uint8_t { relevance, newest };

struct SearchRequest {
  std::string query;  // the query language of spec commands 3
  std::size_t limit = 10;
  std::size_t offset = 0;
  SearchOrder order = SearchOrder::relevance;
  // Ranking ends after `budget`, everything after `deadline`: then the newest matches are answered (performance 2.3).
  std::chrono::milliseconds budget{8}, deadline{50};
};

struct SearchHit {
  Paper paper;
  double score = 0;
};

struct SearchAnswer {
  std::vector<SearchHit> hits;
  std::size_t considered = 0;  // matches that were ranked
  bool complete = true;        // false: only the newest matches were ranked, or the time budget ran out
  std::string note;            // one sentence for people when not complete
};

struct StoredVersion {
  int version = 0;
  std::optional<Moment> updated;
  bool withdrawn = false;
};

class Store {
 public:
  virtual ~Store() = default;

  // Papers. A paper is merged into what is known: a newer version replaces text and keeps the older version's row;
  // facts that the new record lacks (dates, comment, listed, authors …) are kept. Idempotent.
  virtual Result<PutCounts> put_papers(const std::vector<Paper>& papers) = 0;
  virtual Result<std::optional<Paper>> paper(const PaperId& id) = 0;
  virtual Result<std::vector<Paper>> papers(const std::vector<PaperId>& ids) = 0;  // known ones, in the order asked
  virtual Result<std::vector<StoredVersion>> versions(const PaperId& id) = 0;
  virtual Result<std::size_t> paper_count() = 0;
  // Another number after each change of a paper's facts. Does not block: for who keeps what was made from papers.
  virtual std::uint64_t papers_revision() const = 0;
  // Every paper, oldest first, in batches; return false to stop.
  virtual Status each_paper(const std::function<bool(const Paper&)>& visit) = 0;
  // Papers with `listed == day`, of a category (aliases included) when given.
  virtual Result<std::vector<Paper>> papers_listed(Day day, const std::optional<Category>& category) = 0;

  virtual Result<SearchAnswer> search(const SearchRequest& request) = 0;
  // Nearest papers by shared characteristic terms; the terms that connect them are in `shared`.
  struct SimilarHit {
    Paper paper;
    double score = 0;
    std::vector<std::string> shared;
  };
  virtual Result<std::vector<SimilarHit>> similar(const PaperId& id, std::size_t limit) = 0;

  // Listings. A frozen listing is never changed: putting another one for the same (category, day) is refused.
  virtual Status put_listing(const Listing& listing) = 0;
  virtual Result<std::optional<Listing>> listing(const Category& category, Day day) = 0;
  virtual Result<std::optional<Listing>> last_listing(const Category& category, std::optional<Day> before) = 0;

  // Digests by key; putting the same key again replaces it.
  virtual Status put_digest(const Digest& digest) = 0;
  virtual Result<std::optional<Digest>> digest(const DigestKey& key) = 0;
  // Newest first; filters are optional.
  struct DigestRef {
    DigestKey key;
    Moment written;
    std::size_t shown = 0, announced = 0;
    std::string imported;
  };
  virtual Result<std::vector<DigestRef>> digests(std::optional<Day> day, std::optional<Category> category,
                                                 std::size_t limit) = 0;

  // Small named values (ETags, poll states). Bounded: 64 KiB a value.
  virtual Status put_value(std::string_view name, std::string_view value) = 0;
  virtual Result<std::optional<std::string>> value(std::string_view name) = 0;

  // The parts that delivery works with; they live as long as the store.
  virtual Outbox& outbox() = 0;
  virtual Inbox& inbox() = 0;
  virtual Subscriptions& subscriptions() = 0;

  // A consistent copy into a new file, also while in use.
  virtual Status backup(const std::string& file) = 0;
  // Full integrity check; may take long.
  virtual Status check() = 0;

  // Upkeep, for the background of a service; both are safe beside everything else and short on the store's lock.
  // The last writer did not close the store: it was killed, or power went.
  virtual bool unclean_start() = 0;
  // Reads every page, on a connection of its own; worth it after an unclean start. Corrupt: stop and restore a backup.
  // Damage of the search index alone is left to upkeep().
  virtual Status check_quick(const std::stop_token& stop) = 0;
  // One step of what is left to do: building a missing or damaged search index, merging it after a load, learning how
  // frequent words are.
  // Call until finished.
  struct Upkeep {
    bool finished = true;
    std::string searchable_since;  // while the index is being built: "2025-03", or empty
  };
  virtual Result<Upkeep> upkeep() = 0;

  // After bulk loads: refreshes statistics; upkeep() will merge the full-text index into one piece.
  virtual Status optimise() = 0;
  virtual int schema_version() = 0;
};

// Opens (and creates) the SQLite store in `data_dir`, taking its lock, migrating when allowed. Errors: busy (another
// process owns the folder), corrupt, no_space, not_found (to be read only, and nothing is there), not_allowed (schema
// newer than this program, or migration not allowed).
struct OpenOptions {
  std::string data_dir;
  bool auto_migrate = true;
  bool read_only = false;  // no lock on writers' side; refuses to create
  // A missing search index is not built before the store opens: the caller runs upkeep() in the background, and
  // check_quick() after an unclean start.
  bool repair_later = false;
};
Result<std::unique_ptr<Store>> open_sqlite(const OpenOptions& options);
// For tests and one-shot builds: nothing on disk.
Result<std::unique_ptr<Store>> open_memory();
// Puts a backup in place of an existing store; refuses to overwrite without force. A file that is no sound backup
// (not_found, bad_input, corrupt, not_allowed when newer) leaves the store as it is.
Status restore_sqlite(const std::string& backup_file, const std::string& data_dir, bool force);

}  // namespace broadsheet::store
