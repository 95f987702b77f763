// The last two stages of a digest, after its papers were gathered and selected: write and keep. Each card is looked for
// among those kept, else asked of the writer, once for all who want it at the same time; what fails or comes too late
// is the extract, and says so. Without a writer the extracts are the digest, byte for byte. Used on the I/O thread but
// for `ready`.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/result.hpp"
#include "digest/model/digest.hpp"
#include "digest/write/writer.hpp"

namespace broadsheet {

// What makes two pieces of writing the same. `source`: what it rests on, by content.
struct WritingKey {
  std::string subject;  // a paper and its version, or "summary"
  std::string writer, language, source;
  std::string str() const;
};
WritingKey card_key(const Card& extract, const std::string& writer, const std::string& language);
WritingKey summary_key(const write::FinishedCards& cards, const std::string& writer, const std::string& language);

// Finished pieces, by key. Blocking; thread-safe. Failures are never given to it.
class Kept {
 public:
  virtual ~Kept() = default;
  virtual Result<std::optional<std::string>> find(const WritingKey& key) = 0;
  virtual Status keep(const WritingKey& key, const std::string& body) = 0;
};

// How long writing may take, counted from its start, and what each piece may cost.
struct WritingLimits {
  std::chrono::milliseconds cards{45'000};  // all cards of a digest, or of one answer
  std::chrono::milliseconds whole{58'000};  // cards and summary: a digest is at most a minute late for its writer
  std::int64_t tokens = 0;                  // for one piece; see write::Terms
};

class Pipeline {
 public:
  // `writer` null: extracts. `kept` null: nothing is kept.
  Pipeline(async::Offload& workers, Clock& clock, write::Writer* writer = nullptr, Kept* kept = nullptr,
           WritingLimits limits = {});

  // Of the writer: part of a digest's key.
  std::string writer_name() const;
  // A digest of extracts (build_digest), written.
  boost::asio::awaitable<Digest> write(Digest extracts);
  // The same for cards alone, in their order.
  boost::asio::awaitable<std::vector<Card>> cards(std::vector<Card> extracts, std::string language);
  // The card without asking anybody: the extract if there is no writer, else a kept one or nothing. Blocking;
  // thread-safe.
  std::optional<Card> ready(const Card& extract, const std::string& language) const;

 private:
  struct Asked;
  struct Flight;
  boost::asio::awaitable<void> ask(std::shared_ptr<Asked> asked, std::size_t index);
  boost::asio::awaitable<Result<Card>> ask_once(Card extract, write::Terms terms);
  boost::asio::awaitable<void> write_summary(Digest& digest, write::Terms terms);
  void keep(const WritingKey& key, const std::string& body) const;

  async::Offload& workers_;
  Clock& clock_;
  write::Writer* writer_;
  Kept* kept_;
  WritingLimits limits_;
  std::map<std::string, std::shared_ptr<Flight>> flights_;  // by key; shared with those who wait
};

// True if nothing in it stands for an answer that failed.
bool fully_written(const Digest& digest);

}  // namespace broadsheet
