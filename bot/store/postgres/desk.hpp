// Inbox and subscriptions on PostgreSQL.
#pragma once

#include "bot/store/inbox.hpp"
#include "bot/store/postgres/pool.hpp"
#include "bot/store/subscriptions.hpp"

namespace broadsheet::store::postgres {

class Arrivals final : public Inbox {
 public:
  explicit Arrivals(Session& session) : session_(session) {}
  Result<bool> accept(const std::string& platform, const std::string& event, const std::string& payload, Moment now,
                      Moment expires) override;
  Result<std::vector<Waiting>> waiting() override;
  Status keep(const std::string& platform, const std::string& event, const std::string& payload) override;
  Status done(const std::string& platform, const std::string& event) override;
  Status forget_expired(Moment now) override;

 private:
  Session& session_;
};

class Subscribed final : public Subscriptions {
 public:
  explicit Subscribed(Session& session) : session_(session) {}
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
  Result<std::vector<model::Slot>> select_slots(const std::string& rest, const model::SubscriptionId& id, Day since);
  Session& session_;
};

}  // namespace broadsheet::store::postgres
