// The one door to what is written: digests and cards, for channels, commands and pages alike. One digest is built once:
// requests for the same key join the build that runs, and a stored digest of the same listings is given back as it is
// (spec: commands 1.9). Used on the I/O thread; the work is done on the workers.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/metrics.hpp"
#include "bot/base/result.hpp"
#include "bot/store/store.hpp"
#include "digest/build/build.hpp"
#include "digest/build/pipeline.hpp"

namespace broadsheet::loops {

using PaperFilter = select::PaperFilter;
// A filter query as the rule that selection asks for; null for an empty text. Errors: bad_input.
Result<PaperFilter> make_filter(const std::string& text);

class Builds {
 public:
  // `writer` null: extracts. Neither it nor `kept` is owned.
  Builds(store::Store& store, async::Offload& workers, Clock& clock, Metrics& metrics, write::Writer* writer = nullptr,
         Kept* kept = nullptr, WritingLimits limits = {});

  // From the stored listings of options.categories and options.day. Error (not_found) names the categories whose
  // listing is not stored. `options.filtered` is made from `filter_text`; `seen_before` from the earlier digests;
  // `writer` is ours.
  boost::asio::awaitable<Result<Digest>> get(BuildOptions options);
  // A card for each paper, in their order.
  boost::asio::awaitable<std::vector<Card>> cards(std::vector<Paper> papers, std::string language);
  // The card if nobody has to be asked for it. Blocking; thread-safe.
  std::optional<Card> ready(const Paper& paper, const std::string& language) const;

 private:
  struct Running {
    explicit Running(const boost::asio::any_io_executor& executor) : finished(executor) {}
    async::Event finished;
    Result<Digest> result;
  };
  struct Draft {
    Digest digest;
    bool finished = false;  // a stored one that still holds
  };
  boost::asio::awaitable<Result<Digest>> build(BuildOptions options);
  Result<Draft> draft(BuildOptions options) const;
  bool is_of_now(const Digest& digest) const;  // made from the listings that are stored now

  store::Store& store_;
  async::Offload& workers_;
  Clock& clock_;
  Metrics& metrics_;
  Pipeline pipeline_;
  std::map<DigestKey, std::shared_ptr<Running>> running_;  // shared with those who joined
};

}  // namespace broadsheet::loops
