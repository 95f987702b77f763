#include "digest/build/pipeline.hpp"

#include <algorithm>

#include "bot/base/hash.hpp"
#include "bot/base/log.hpp"
#include "digest/record/json.hpp"
#include "digest/write/extract.hpp"

namespace broadsheet {
namespace {

using boost::asio::awaitable;

// For readers: why an extract stands where a model's words were wanted. Never what the other side said.
std::string_view reason(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::transient:
      return "the model did not answer in time";
    case ErrorKind::unavailable:
      return "the model cannot be reached";
    case ErrorKind::rate_limited:
      return "the model's quota is used up for now";
    case ErrorKind::not_allowed:
      return "the day's token budget is used up";
    case ErrorKind::not_found:
      return "no model was asked";
    case ErrorKind::refused:
      return "the model's answer did not pass the checks";
    default:
      return "the model's answer could not be used";
  }
}

bool by_model(Origin origin) {
  return origin == Origin::model_from_abstract || origin == Origin::model_from_full_text;
}

// Words from the writer, facts from us.
Card with_words(const Card& extract, const Card& written) {
  Card out = extract;
  out.tldr = written.tldr;
  out.sections = written.sections;
  out.findings = written.findings;
  out.translation = written.translation;
  out.origin = written.origin;
  out.degraded = written.degraded;
  return out;
}

}  // namespace

std::string WritingKey::str() const {
  return subject + "\n" + writer + "\n" + language + "\n" + source;
}

WritingKey card_key(const Card& extract, const std::string& writer, const std::string& language) {
  return {extract.paper.versioned().str(), writer, language,
          "abstract:" + short_sha256(extract.paper.title + "\n" + extract.paper.abstract)};
}

WritingKey summary_key(const write::FinishedCards& cards, const std::string& writer, const std::string& language) {
  std::string source = record::to_json(cards.extract);
  for (const auto& card : cards.cards) source += "\n" + record::to_json(card);
  return {"summary", writer, language, "cards:" + short_sha256(source)};
}

bool fully_written(const Digest& digest) {
  if (digest.key.writer.empty()) return true;
  if (!digest.cards.empty() && !by_model(digest.summary.origin)) return false;
  return std::all_of(digest.cards.begin(), digest.cards.end(),
                     [](const Card& card) { return card.paper.abstract.empty() || by_model(card.origin); });
}

Pipeline::Pipeline(async::Offload& workers, Clock& clock, write::Writer* writer, Kept* kept, WritingLimits limits)
    : workers_(workers), clock_(clock), writer_(writer), kept_(kept), limits_(limits) {}

std::string Pipeline::writer_name() const {
  return writer_ == nullptr ? std::string(write::kExtractive) : writer_->name();
}

std::optional<Card> Pipeline::ready(const Card& extract, const std::string& language) const {
  if (writer_ == nullptr || extract.paper.abstract.empty()) return extract;
  if (kept_ == nullptr) return std::nullopt;
  auto body = kept_->find(card_key(extract, writer_->name(), language));
  if (!body || !*body) return std::nullopt;
  auto card = record::card_from_json(**body);
  if (!card) {
    log::warning("writing.unreadable", {{"paper", extract.paper.id.str()}, {"why", card.error().what()}});
    return std::nullopt;
  }
  return with_words(extract, *card);
}

// What is kept costs no second call; that it could not be kept costs no digest.
void Pipeline::keep(const WritingKey& key, const std::string& body) const {
  if (kept_ == nullptr) return;
  if (auto done = kept_->keep(key, body); !done)
    log::warning("writing.not_kept", {{"of", key.subject}, {"why", done.error().what()}});
}

// One answer's cards, shared by the coroutines that write them.
struct Pipeline::Asked {
  std::vector<Card> cards;
  write::Terms terms;
};

// A card that is being written.
struct Pipeline::Flight {
  explicit Flight(const boost::asio::any_io_executor& executor) : landed(executor) {}
  async::Event landed;
  std::optional<Result<Card>> card;  // nothing: whoever asked left before the answer
};

awaitable<Result<Card>> Pipeline::ask_once(Card extract, write::Terms terms) {
  auto key = card_key(extract, writer_->name(), terms.language).str();
  while (flights_.contains(key)) {
    auto joined = flights_.at(key);
    co_await joined->landed.wait();
    if (joined->card) co_return *joined->card;
  }
  auto mine = std::make_shared<Flight>(co_await boost::asio::this_coro::executor);
  flights_[key] = mine;
  struct Land {
    Pipeline& pipeline;
    const std::string& key;
    Flight& flight;
    ~Land() {
      pipeline.flights_.erase(key);
      flight.landed.set();
    }
  } land{*this, key, *mine};
  mine->card = co_await writer_->card(std::move(extract), std::move(terms));
  co_return *mine->card;
}

awaitable<void> Pipeline::ask(std::shared_ptr<Asked> asked, std::size_t index) {
  auto extract = asked->cards[index];
  asked->cards[index].degraded = reason(Error());  // should anything below throw
  auto left = std::chrono::ceil<std::chrono::milliseconds>(asked->terms.deadline - clock_.steady_now());
  auto written = co_await async::with_timeout(clock_, std::max(left, std::chrono::milliseconds(0)),
                                              ask_once(extract, asked->terms));
  if (!written) {
    log::warning("writing.card_failed", {{"paper", extract.paper.id.str()}, {"why", written.error().what()}});
    asked->cards[index].degraded = reason(written.error());
    co_return;
  }
  auto card = with_words(extract, *written);
  asked->cards[index] = card;
  auto work = [this, key = card_key(extract, writer_->name(), asked->terms.language), card = std::move(card)] {
    keep(key, record::to_json(card));
  };
  co_await workers_.run(std::move(work));
}

awaitable<std::vector<Card>> Pipeline::cards(std::vector<Card> extracts, std::string language) {
  if (writer_ == nullptr) co_return extracts;
  auto asked = std::make_shared<Asked>();
  asked->terms = {language, clock_.steady_now() + limits_.cards, limits_.tokens};
  auto look = [this, extracts, language] {
    std::vector<std::optional<Card>> out;
    for (const auto& extract : extracts) out.push_back(ready(extract, language));
    return out;
  };
  auto found = co_await workers_.run(std::move(look));
  asked->cards = std::move(extracts);
  async::TaskGroup group(co_await boost::asio::this_coro::executor);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i])
      asked->cards[i] = std::move(*found[i]);
    else
      group.spawn("write " + asked->cards[i].paper.id.str(), ask(asked, i));
  }
  co_await group.join();
  co_return std::move(asked->cards);
}

awaitable<void> Pipeline::write_summary(Digest& digest, write::Terms terms) {
  write::FinishedCards finished{digest.cards, digest.summary};
  bool any = std::any_of(digest.cards.begin(), digest.cards.end(), [](const Card& c) { return by_model(c.origin); });
  if (!any) co_return;  // a summary of extracts is the extract
  auto key = summary_key(finished, writer_->name(), terms.language);
  auto look = [this, key]() -> std::optional<ExecutiveSummary> {
    if (kept_ == nullptr) return std::nullopt;
    auto body = kept_->find(key);
    if (!body || !*body) return std::nullopt;
    auto read = record::summary_from_json(**body);
    return read ? std::optional(std::move(*read)) : std::nullopt;
  };
  if (auto known = co_await workers_.run(std::move(look))) {
    digest.summary = std::move(*known);
    co_return;
  }
  auto left = std::chrono::ceil<std::chrono::milliseconds>(terms.deadline - clock_.steady_now());
  auto written = co_await async::with_timeout(clock_, std::max(left, std::chrono::milliseconds(0)),
                                              writer_->summary(std::move(finished), terms));
  if (!written) {
    log::warning("writing.summary_failed", {{"digest", digest.key.str()}, {"why", written.error().what()}});
    auto note = "The summary was extracted: " + std::string(reason(written.error())) + ".";
    digest.note += (digest.note.empty() ? "" : " ") + note;
    co_return;
  }
  digest.summary = std::move(*written);
  auto work = [this, key, summary = digest.summary] { keep(key, record::to_json(summary)); };
  co_await workers_.run(std::move(work));
}

awaitable<Digest> Pipeline::write(Digest extracts) {
  if (writer_ == nullptr) co_return extracts;
  write::Terms terms{extracts.key.language, clock_.steady_now() + limits_.whole, limits_.tokens};
  auto digest = std::move(extracts);
  digest.writer = writer_->name();
  digest.cards = co_await cards(std::move(digest.cards), digest.key.language);
  co_await write_summary(digest, std::move(terms));
  co_return digest;
}

}  // namespace broadsheet
