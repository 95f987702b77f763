// One digest, built once: requests for the same key join the build that runs, and a stored digest of the same listings
// is given back as it is (spec: commands 1.9). Used on the I/O thread; the work is done on the workers.
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
#include "digest/write/writer.hpp"

namespace broadsheet::loops {

using PaperFilter = std::function<std::optional<std::string>(const Paper&)>;
// A filter query as the rule that selection asks for; null for an empty text. Errors: bad_input.
Result<PaperFilter> make_filter(const std::string& text);

class Builds {
 public:
  Builds(store::Store& store, async::Offload& workers, Clock& clock, Metrics& metrics);

  // From the stored listings of options.categories and options.day. Error (not_found) names the categories whose
  // listing is not stored. `options.filtered` is made from `filter_text`; `seen_before` from the earlier digests.
  boost::asio::awaitable<Result<Digest>> get(BuildOptions options);

 private:
  struct Running {
    explicit Running(const boost::asio::any_io_executor& executor) : finished(executor) {}
    async::Event finished;
    Result<Digest> result;
  };
  Result<Digest> build(BuildOptions options) const;
  bool is_of_now(const Digest& digest) const;  // made from the listings that are stored now

  store::Store& store_;
  async::Offload& workers_;
  Clock& clock_;
  Metrics& metrics_;
  std::unique_ptr<write::Writer> writer_;
  std::map<DigestKey, std::shared_ptr<Running>> running_;  // shared with those who joined
};

}  // namespace broadsheet::loops
