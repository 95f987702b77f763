// Inbox and subscriptions on SQLite.
#pragma once

#include <mutex>

#include "bot/store/inbox.hpp"
#include "bot/store/sqlite/papers.hpp"
#include "bot/store/subscription_record.hpp"
#include "bot/store/subscriptions.hpp"

namespace broadsheet::store {

class SqliteInbox final : public Inbox {
 public:
  SqliteInbox(std::recursive_mutex& mutex, Db& db, Statements& statements)
      : mutex_(mutex), db_(db), statements_(statements) {}
  Result<bool> accept(const std::string& platform, const std::string& event, const std::string& payload, Moment now,
                      Moment expires) override;
  Result<std::vector<Waiting>> waiting() override;
  Status keep(const std::string& platform, const std::string& event, const std::string& payload) override;
  Status done(const std::string& platform, const std::string& event) override;
  Status forget_expired(Moment now) override;

 private:
  std::recursive_mutex& mutex_;
  Db& db_;
  Statements& statements_;
};

class SqliteSubscriptions final : public Subscriptions {
 public:
  SqliteSubscriptions(std::recursive_mutex& mutex, Db& db, Statements& statements)
      : mutex_(mutex), db_(db), statements_(statements) {}
  Result<model::Subscription> put(const model::Subscription& subscription) override;
  Status remove(const model::SubscriptionId& id) override;
  Result<std::vector<model::Subscription>> all() override;
  Result<std::vector<model::Subscription>> of(const model::Target& target) override;
  Status cover(const model::SubscriptionId& id, Day day) override;
  Result<std::map<model::SubscriptionId, Day>> covered() override;
  Status put_slot(const model::Slot& slot) override;
  Result<std::vector<model::Slot>> slots(const model::SubscriptionId& id, Day since) override;
  Result<std::optional<model::Slot>> last_slot(const model::SubscriptionId& id) override;

 private:
  Result<std::vector<model::Subscription>> select(const std::string& rest, const std::string& value);
  Result<std::int64_t> next_number(const std::string& target);
  Result<std::vector<model::Slot>> select_slots(const std::string& rest, const model::SubscriptionId& id, Day since);

  std::recursive_mutex& mutex_;
  Db& db_;
  Statements& statements_;
};

}  // namespace broadsheet::store
