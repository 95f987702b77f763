// The store on SQLite: one connection under one mutex writes, reads and checkpoints (reliability 1: the WAL-reset bug).
#pragma once

#include <atomic>
#include <mutex>

#include "bot/store/sqlite/desk.hpp"
#include "bot/store/sqlite/index_build.hpp"
#include "bot/store/sqlite/open.hpp"
#include "bot/store/sqlite/outbox.hpp"
#include "bot/store/sqlite/papers.hpp"
#include "bot/store/sqlite/search.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::store {

class SqliteStore final : public Store {
 public:
  struct Manner {
    bool writes = true;
    bool repair_later = false;
  };
  SqliteStore(Db db, FolderLock lock, Manner manner);
  ~SqliteStore() override;
  Status start();

  Result<PutCounts> put_papers(const std::vector<Paper>& papers) override;
  Result<std::optional<Paper>> paper(const PaperId& id) override;
  Result<std::vector<Paper>> papers(const std::vector<PaperId>& ids) override;
  Result<std::vector<StoredVersion>> versions(const PaperId& id) override;
  Result<std::size_t> paper_count() override;
  std::uint64_t papers_revision() const override { return revision_; }
  Status each_paper(const std::function<bool(const Paper&)>& visit) override;
  Result<std::vector<Paper>> papers_listed(Day day, const std::optional<Category>& category) override;
  Result<SearchAnswer> search(const SearchRequest& request) override;
  Result<std::vector<SimilarHit>> similar(const PaperId& id, std::size_t limit) override;
  Status put_listing(const Listing& listing) override;
  Result<std::optional<Listing>> listing(const Category& category, Day day) override;
  Result<std::optional<Listing>> last_listing(const Category& category, std::optional<Day> before) override;
  Status put_digest(const Digest& digest) override;
  Result<std::optional<Digest>> digest(const DigestKey& key) override;
  Result<std::vector<DigestRef>> digests(std::optional<Day> day, std::optional<Category> category,
                                         std::size_t limit) override;
  Status put_value(std::string_view name, std::string_view value) override;
  Result<std::optional<std::string>> value(std::string_view name) override;
  Outbox& outbox() override { return outbox_; }
  Inbox& inbox() override { return inbox_; }
  Subscriptions& subscriptions() override { return subscriptions_; }
  Status backup(const std::string& file) override;
  Status check() override;
  bool unclean_start() override { return unclean_; }
  Status check_quick(const std::stop_token& stop) override;
  Result<Upkeep> upkeep() override;
  Status optimise() override;
  int schema_version() override { return kSchemaVersion; }

 private:
  Result<PutCounts> put_batch(const Paper* begin, const Paper* end);
  // Under the mutex.
  Status open_index(bool suspect);
  Status start_index();
  Status heal_index();
  Status index_some();
  Status finish_index();
  Result<std::optional<Listing>> read_listing(const std::string& where, const Category& category, std::int64_t day);

  std::mutex mutex_;
  std::atomic<std::uint64_t> revision_ = 0;
  FolderLock lock_;  // freed after the connection is closed
  Db db_;
  Manner manner_;
  bool unclean_ = false;
  bool marked_ = false;   // as being at work
  bool damaged_ = false;  // then the mark of an unclean end stays
  Statements statements_{db_};
  Papers papers_{db_, statements_};
  IndexBuild index_{db_, statements_};
  WordCounts words_{db_, statements_};
  Search search_{db_, statements_, papers_, words_};
  SqliteOutbox outbox_{mutex_, db_, statements_};
  SqliteInbox inbox_{mutex_, db_, statements_};
  SqliteSubscriptions subscriptions_{mutex_, db_, statements_};
};

}  // namespace broadsheet::store
