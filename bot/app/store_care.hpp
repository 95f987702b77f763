// What the service does for its store in the background: looks for damage after an unclean end, builds a search index
// that is lost, learns how frequent words are, and watches the room on the disk (reliability F35, F38, F39).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/pages/pages.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::app {

class StoreCare {
 public:
  // All must outlive this. Opened with `repair_later`.
  StoreCare(store::Store& store, async::Offload& workers, Clock& clock, std::string data_dir)
      : store_(store), workers_(workers), clock_(clock), data_dir_(std::move(data_dir)) {}

  // Until cancelled.
  boost::asio::awaitable<void> run();
  // For /readyz; on the I/O thread.
  pages::PartState state() const;

 private:
  boost::asio::awaitable<void> look_for_damage();
  boost::asio::awaitable<void> keep_up();
  void watch_room();

  store::Store& store_;
  async::Offload& workers_;
  Clock& clock_;
  std::string data_dir_;
  std::string damage_, no_room_, away_, building_;  // sentences; empty: all is well
};

}  // namespace broadsheet::app
