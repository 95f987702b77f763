// The rest of the service over maps; counts what it is asked.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bot/async/async.hpp"
#include "bot/commands/services.hpp"

namespace broadsheet::commands {

inline Card invented_card(const char* id, const char* title) {
  Card card;
  card.paper.id = *PaperId::parse(id);
  card.paper.version = 2;
  card.paper.title = title;
  card.paper.abstract = "We measure tides in a bathtub. They are small.";
  card.paper.authors = {{"Ada Brook", {}, false}, {"Ben Field", {}, false}};
  card.paper.categories = {"cs.CL", "cs.LG"};
  card.paper.published = *parse_iso("2026-01-12T10:00:00Z");
  card.tldr.text = "Tides in a bathtub are small.";
  return card;
}

struct FakeServices : Services {
  model::Role role = model::Role::manager;
  model::Role proven = model::Role::unknown;  // of who asked last, where he asked about
  std::optional<Error> role_error;
  bool cards_throw = false;
  std::optional<adapters::Refused> in_the_way;
  std::vector<std::pair<model::Target, Digest>> posted;
  std::vector<std::pair<model::Target, doc::Document>> announced;
  PaperId above;
  int looked_above = 0;
  std::map<std::string, Card> known;
  std::vector<model::Subscription> stored;
  std::vector<store::SearchHit> hits;
  DigestOutcome outcome;
  std::optional<Error> digest_error;
  DigestRequest asked_digest;
  store::SearchRequest asked_search;
  std::string search_instead;
  Clock* hangs_on = nullptr;
  std::chrono::seconds hangs_for{36'000};
  std::vector<PaperId> shown = {*PaperId::parse("2601.00001"), *PaperId::parse("2601.00002"),
                                *PaperId::parse("2601.00003")};
  model::Visibility shown_to{};
  model::Target asked_about;
  FanOut together{10'000, std::chrono::milliseconds(332'334)};
  bool overdue = false;
  int role_asked = 0, digests = 0;
  std::int64_t next_number = 1;

  awaitable<Result<model::Role>> role_of(model::Actor who, model::Target) override {
    ++role_asked;
    proven = who.role;
    if (role_error) co_return *role_error;
    co_return role;
  }
  awaitable<Result<std::vector<Card>>> cards(std::vector<VersionedId> ids) override {
    if (cards_throw) throw std::runtime_error("a secret detail");
    std::vector<Card> out;
    for (const auto& id : ids)
      if (known.contains(id.id.str())) out.push_back(known.at(id.id.str()));
    co_return out;
  }
  awaitable<Result<std::vector<Card>>> stored_cards(std::vector<VersionedId> ids) override { return cards(ids); }
  awaitable<Result<ShownCards>> shown_cards(model::ReplyTo from) override {
    asked_about = from.target;
    co_return ShownCards{shown};
  }
  awaitable<void> show_cards(model::ReplyTo, model::Visibility to, std::vector<PaperId> papers) override {
    shown = std::move(papers);
    shown_to = to;
    co_return;
  }
  std::vector<std::string> languages() const override { return {"en"}; }
  awaitable<PaperId> paper_above(model::ReplyTo) override {
    ++looked_above;
    co_return above;
  }
  awaitable<Status> post(model::Target where, std::string, BuiltDigest built, model::Effective) override {
    posted.emplace_back(std::move(where), std::move(built.digest));
    co_return Status();
  }
  awaitable<Status> announce(model::Target where, std::string, doc::Document line) override {
    announced.emplace_back(std::move(where), std::move(line));
    co_return Status();
  }
  awaitable<std::optional<adapters::Refused>> hindrance(model::Target) override { co_return in_the_way; }
  awaitable<std::string> name_of(model::Actor who, model::Target) override { co_return who.name; }
  awaitable<Result<store::SearchAnswer>> search(store::SearchRequest request) override {
    asked_search = request;
    store::SearchAnswer out;
    for (std::size_t i = request.offset; i < hits.size() && out.hits.size() < request.limit; ++i)
      out.hits.push_back(hits[i]);
    if (out.hits.empty()) out.instead = search_instead;
    co_return out;
  }
  awaitable<Result<DigestOutcome>> digest(DigestRequest request) override {
    ++digests;
    asked_digest = request;
    if (hangs_on != nullptr) co_await async::sleep_for(*hangs_on, hangs_for);
    if (digest_error) co_return *digest_error;
    co_return outcome;
  }
  awaitable<Result<std::vector<model::Subscription>>> subscriptions(model::Target where) override {
    std::vector<model::Subscription> out;
    for (const auto& s : stored)
      if (s.target == where) out.push_back(s);
    co_return out;
  }
  awaitable<Result<model::Subscription>> put(model::Subscription subscription) override {
    for (auto& s : stored)
      if (s.id == subscription.id) {
        s = subscription;
        co_return subscription;
      }
    subscription.number = next_number++;
    stored.push_back(subscription);
    co_return subscription;
  }
  awaitable<Status> remove(model::SubscriptionId id) override {
    std::erase_if(stored, [&](const auto& s) { return s.id == id; });
    co_return Status();
  }
  awaitable<Result<Decided>> decided(model::Subscription subscription) override {
    auto options = model::resolve({subscription.options});
    co_return Decided{std::move(subscription), options, parse_iso("2026-01-15T08:00:00Z"), std::nullopt, overdue, {}};
  }
  awaitable<Result<FanOut>> fan_out(model::Subscription) override { co_return together; }
  awaitable<Result<StatusReport>> status(model::Target) override {
    StatusReport report;
    report.version = "1.2.3";
    co_return report;
  }
};

}  // namespace broadsheet::commands
