// arXiv as a source: one polite gate, its addresses, and the follower behind one interface.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "digest/sources/arxiv/follower.hpp"
#include "digest/sources/arxiv/gate.hpp"
#include "digest/sources/arxiv/remote.hpp"
#include "digest/sources/source.hpp"

namespace broadsheet::arxiv {

struct ArxivOptions {
  GateOptions gate;
  Addresses addresses;
  std::chrono::minutes patience{};  // see Follower
};

class ArxivSource final : public sources::Source {
 public:
  ArxivSource(const boost::asio::any_io_executor& executor, http::Transport& transport, async::Offload& workers,
              Clock& clock, ArxivOptions options, Calendar calendar, StoredListing stored);

  boost::asio::awaitable<ListingOutcome> listing(Category category, Day day) override;
  boost::asio::awaitable<Result<Paper>> paper(VersionedId id) override;
  boost::asio::awaitable<Result<std::vector<Paper>>> search(std::vector<std::string> words, std::size_t limit) override;
  const Calendar& calendar() const override { return follower_.calendar(); }

  // The silences that arXiv asked for (contracts: arXiv 1.7), one name a door.
  std::vector<sources::Memory> memory() const override;
  void remember(const sources::Memory& kept) override;
  void on_change(std::function<boost::asio::awaitable<void>()> told) override;

  // For who asks one door alone: the doctor.
  Gate& gate() { return gate_; }

 private:
  Gate gate_;
  Remote remote_;
  Follower follower_;
};

}  // namespace broadsheet::arxiv
