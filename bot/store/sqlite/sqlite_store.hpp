// The store on SQLite, for one process.
#pragma once

#include "bot/store/sqlite/desk.hpp"
#include "bot/store/sqlite/leases.hpp"
#include "bot/store/sqlite/library.hpp"
#include "bot/store/sqlite/outbox.hpp"
#include "bot/store/sqlite/records.hpp"
#include "bot/store/sqlite/upkeep.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::store {

class SqliteStore final : public Store {
 public:
  SqliteStore(Db db, FolderLock lock, Manner manner) : engine_(std::move(db), std::move(lock), manner) {}
  Status start() { return engine_.start(); }

  Status transact(const std::function<Status(Repositories&)>& work) override;
  PaperRepository& papers() override { return papers_; }
  PaperSearch& search() override { return search_; }
  ListingRepository& listings() override { return listings_; }
  DigestRepository& digests() override { return digests_; }
  ValueRepository& values() override { return values_; }
  Outbox& outbox() override { return outbox_; }
  Inbox& inbox() override { return inbox_; }
  Subscriptions& subscriptions() override { return subscriptions_; }
  Leases& leases() override { return leases_; }
  Upkeep& upkeep() override { return upkeep_; }

 private:
  Engine engine_;
  SqlitePapers papers_{engine_};
  SqliteSearch search_{engine_};
  SqliteListings listings_{engine_};
  SqliteDigests digests_{engine_};
  SqliteValues values_{engine_};
  SqliteOutbox outbox_{engine_.mutex, engine_.db, engine_.statements};
  SqliteInbox inbox_{engine_.mutex, engine_.db, engine_.statements};
  SqliteSubscriptions subscriptions_{engine_.mutex, engine_.db, engine_.statements};
  SqliteLeases leases_{engine_};
  SqliteUpkeep upkeep_{engine_};
};

Result<std::unique_ptr<Store>> open_sqlite(const OpenOptions& options);
Status restore_sqlite(const std::string& backup_file, const std::string& data_dir, bool force);

}  // namespace broadsheet::store
