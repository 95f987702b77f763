// The store on PostgreSQL, for several processes on several machines.
#pragma once

#include "bot/store/postgres/desk.hpp"
#include "bot/store/postgres/follower.hpp"
#include "bot/store/postgres/outbox.hpp"
#include "bot/store/postgres/papers.hpp"
#include "bot/store/postgres/records.hpp"
#include "bot/store/postgres/schema.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::store::postgres {

// The repositories of one session: the pool's, or a transaction's.
class Parts final : public Repositories {
 public:
  Parts(Session& session, std::atomic<std::uint64_t>& revision)
      : papers_(session, revision),
        listings_(session),
        digests_(session),
        values_(session),
        outbox_(session),
        inbox_(session),
        subscriptions_(session),
        leases_(session) {}
  PaperRepository& papers() override { return papers_; }
  ListingRepository& listings() override { return listings_; }
  DigestRepository& digests() override { return digests_; }
  ValueRepository& values() override { return values_; }
  Outbox& outbox() override { return outbox_; }
  Inbox& inbox() override { return inbox_; }
  Subscriptions& subscriptions() override { return subscriptions_; }
  Leases& leases() override { return leases_; }

 private:
  Papers papers_;
  Listings listings_;
  Digests digests_;
  NamedValues values_;
  Sendings outbox_;
  Arrivals inbox_;
  Subscribed subscriptions_;
  Roles leases_;
};

// The server looks after its tables; what is left to do is for the search index.
class Care final : public Upkeep {
 public:
  Care(Pool& pool, Follower& follower) : pool_(pool), follower_(follower) {}
  Status backup(const std::string& file) override;
  Status check() override;
  bool suspect() override;
  Status check_quick(const std::stop_token& stop) override;
  Result<Progress> step() override;
  Status optimise() override;
  int schema_version() override { return kSchemaVersion; }

 private:
  Pool& pool_;
  Follower& follower_;
};

class PostgresStore final : public Store {
 public:
  explicit PostgresStore(const OpenOptions& options) : pool_(options.url), follower_(pool_, options, revision_) {}
  Status start(const OpenOptions& options);

  Status transact(const std::function<Status(Repositories&)>& work) override;
  PaperRepository& papers() override { return parts_.papers(); }
  ListingRepository& listings() override { return parts_.listings(); }
  DigestRepository& digests() override { return parts_.digests(); }
  ValueRepository& values() override { return parts_.values(); }
  Outbox& outbox() override { return parts_.outbox(); }
  Inbox& inbox() override { return parts_.inbox(); }
  Subscriptions& subscriptions() override { return parts_.subscriptions(); }
  Leases& leases() override { return parts_.leases(); }
  PaperSearch& search() override { return search_; }
  Upkeep& upkeep() override { return care_; }

 private:
  Pool pool_;
  std::atomic<std::uint64_t> revision_ = 0;
  Parts parts_{pool_, revision_};
  Follower follower_;
  FollowedSearch search_{follower_};
  Care care_{pool_, follower_};
};

Result<std::unique_ptr<Store>> open_postgres(const OpenOptions& options);
Error use_the_servers_tools(const std::string& what);

}  // namespace broadsheet::store::postgres
