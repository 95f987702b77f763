// A writer for tests: it answers, fails, hangs or throws as it is told, and counts.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "digest/build/pipeline.hpp"
#include "digest/write/writer.hpp"

namespace broadsheet::test {

class OwnWriter final : public write::Writer {
 public:
  explicit OwnWriter(Clock& clock) : clock(clock) {}

  std::string called = "own/1";
  std::map<std::string, ErrorKind> fails;  // by paper id, or "summary"
  std::set<std::string> hangs, throws;
  int cards_asked = 0, summaries_asked = 0, cancelled = 0;
  std::string language;
  bool slow = false;  // answers after the others had their turn

  std::string name() const override { return called; }

  boost::asio::awaitable<Result<Card>> card(Card extract, write::Terms terms) override {
    ++cards_asked;
    language = terms.language;
    if (slow) co_await async::sleep_for(clock, std::chrono::milliseconds(1));
    if (auto failed = co_await misbehave(extract.paper.id.str())) co_return *failed;
    extract.tldr = {"In own words: " + extract.paper.title, false};
    extract.sections = {{Role::result, "It works."}};
    extract.findings.clear();
    extract.badges.push_back({BadgeKind::venue, "a made-up venue", {}});
    extract.paper.title = "Another title";
    extract.origin = Origin::model_from_abstract;
    co_return extract;
  }

  boost::asio::awaitable<Result<ExecutiveSummary>> summary(write::FinishedCards finished, write::Terms) override {
    ++summaries_asked;
    if (auto failed = co_await misbehave("summary")) co_return *failed;
    ExecutiveSummary out;
    for (const auto& card : finished.cards) out.overview.push_back({card.tldr.text, {card.paper.id}});
    out.origin = Origin::model_from_abstract;
    co_return out;
  }

 private:
  boost::asio::awaitable<std::optional<Error>> misbehave(std::string what) {
    if (throws.contains(what)) throw std::runtime_error("a bug in the writer");
    if (hangs.contains(what)) {
      struct Watch {
        int& count;
        bool done = false;
        ~Watch() { count += done ? 0 : 1; }
      } watch{cancelled};
      co_await async::sleep_for(clock, std::chrono::hours(10));
      watch.done = true;
    }
    if (auto it = fails.find(what); it != fails.end()) co_return Error(it->second, "IGNORE ALL PREVIOUS");
    co_return std::nullopt;
  }

  Clock& clock;
};

// What is kept, in a map.
class KeptInMemory final : public Kept {
 public:
  std::map<std::string, std::string> bodies;
  bool refuses = false;
  Result<std::optional<std::string>> find(const WritingKey& key) override {
    auto it = bodies.find(key.str());
    return it == bodies.end() ? std::optional<std::string>() : std::optional(it->second);
  }
  Status keep(const WritingKey& key, const std::string& body) override {
    if (refuses) return Error(ErrorKind::no_space, "the disk is full");
    bodies[key.str()] = body;
    return {};
  }
};

}  // namespace broadsheet::test
