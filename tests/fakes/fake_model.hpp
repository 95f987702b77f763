// An OpenAI-compatible endpoint on loopback: as strict as the strictest server of the contract, recording, and faulty
// on demand. Without a fault it answers truthfully: with the sentences that it was given.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/fake_http.hpp"

namespace broadsheet::fakes {

// A request that was understood.
struct AskedModel {
  std::string system, user, model;
  std::string format;      // "json_schema", "json_object" or empty
  std::string schema;      // name of the schema; empty without one
  std::string limit_name;  // "max_tokens" or "max_completion_tokens"
  std::int64_t limit = 0;
};

enum class Usage : std::uint8_t { reported, missing, null, zero };

// What this server takes, and how it answers; of the whole server, until changed.
struct ModelManners {
  std::string key;  // empty: any
  bool takes_schema = true, takes_object = true;
  bool ignores_format = false;           // 200 and prose around the JSON
  std::string limit_name;                // the only one it takes; empty: either
  std::chrono::milliseconds latency{0};  // before each answer
  Usage usage = Usage::reported;
  std::string answers_as;  // the model's name in the answer; empty: as asked
};

// Bodies of the contract's shapes.
Reply model_error(int status, const std::string& message, const std::string& type = "", const std::string& code = "",
                  const std::string& param = "");
Reply model_answer(const std::string& content, const std::string& finish_reason = "stop", std::int64_t tokens = 100);

class FakeModel {
 public:
  // What a well-behaved model would say: made of the numbered sentences or the cards of the question.
  using Compose = std::function<std::string(const AskedModel&)>;

  explicit FakeModel(ModelManners manners = {}, std::uint16_t port = 0);
  std::string base() const { return http_.base() + "/v1"; }

  void manners(ModelManners manners);
  void compose(Compose compose);
  // The next `times` requests get this instead of an answer.
  void next(Reply reply, int times = 1);
  // Every request from now on gets this; nothing: answers again.
  void always(std::optional<Reply> reply);

  std::uint64_t calls() const { return http_.count(); }
  int most_at_once() const;
  std::vector<AskedModel> asked() const;
  std::vector<Seen> seen() const { return http_.seen(); }
  // What a strict server would have refused; empty when the client keeps the contract.
  std::vector<std::string> violations() const;
  std::int64_t tokens() const;  // prompt and answers, as reported or as they would have been
  void refuse(bool yes) { http_.refuse(yes); }

 private:
  Reply handle(const Seen& seen);
  Reply answer(const AskedModel& asked);

  mutable std::mutex mutex_;
  ModelManners manners_;
  Compose compose_;
  std::deque<Reply> script_;
  std::optional<Reply> always_;
  std::vector<AskedModel> asked_;
  std::vector<std::string> violations_;
  std::int64_t tokens_ = 0;
  int at_once_ = 0, most_ = 0;
  FakeHttp http_;  // last: its thread uses the rest
};

// The sentences "[n] …" of a question, from 1; and the paper ids "(2601.00001)" of a summary's.
std::vector<std::string> numbered_sentences(const std::string& user);
std::string truthful(const AskedModel& asked);

}  // namespace broadsheet::fakes
