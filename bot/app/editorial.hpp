// What the service does with arXiv: follows its listings, has digests built and posted, and answers commands. Used on
// the I/O thread.
#pragma once

#include "bot/app/arxiv_door.hpp"
#include "bot/app/command_desk.hpp"
#include "bot/app/command_services.hpp"
#include "bot/app/ways.hpp"
#include "bot/loops/builds.hpp"
#include "bot/loops/listing_loop.hpp"
#include "bot/loops/post_loop.hpp"

namespace broadsheet::app {

class Editorial {
 public:
  struct Parts {
    const config::Settings& settings;  // read again and again: they may be loaded anew
    store::Store& store;
    const Outside& outside;
    Metrics& metrics;
    loops::Builds& builds;
    Ways& ways;
  };
  Editorial(const Parts& parts, arxiv::Calendar calendar);
  // The workers have finished by then.
  ~Editorial();
  Editorial(const Editorial&) = delete;
  Editorial& operator=(const Editorial&) = delete;

  // Until the group is cancelled.
  void run(async::TaskGroup& tasks);
  // Somebody wants these from now on.
  void want(const std::vector<Category>& categories);

  const loops::ListingLoop& listings() const { return listings_; }
  loops::PostLoop& posts() { return posts_; }
  CommandDesk& desk() { return desk_; }

 private:
  boost::asio::awaitable<void> build(Category category, Day day);

  Parts parts_;
  ArxivDoor door_;
  loops::ListingLoop listings_;
  loops::PostLoop posts_;
  CommandServices services_;
  commands::Router commands_;
  CommandDesk desk_;
};

}  // namespace broadsheet::app
