// The connections of one process, and who runs statements on them. Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "bot/store/postgres/link.hpp"

namespace broadsheet::store::postgres {

// Where a repository's statements run: each on its own, or all in one transaction.
class Session {
 public:
  virtual ~Session() = default;
  // All statements of `work` or none. It may be run again, also when the first run was written and nobody heard of it:
  // let it have no other effects, and let a second run find what the first one did.
  virtual Status together(const std::function<Status(Link&)>& work) = 0;
  virtual Result<Answer> run(const std::string& sql, const Values& values = {}) = 0;
  // When what was written is there for others: at once, or after the commit.
  virtual void once_written(std::function<void()> then) = 0;
  // The server's time for a time of this process, whose clock may be wrong (design: reliability P9).
  virtual Moment server_time(Moment local) const = 0;

  Status write(const std::string& sql, const Values& values = {});
  // Whether a row was written.
  Result<bool> writes(const std::string& sql, const Values& values = {});
};

class Pool final : public Session {
 public:
  explicit Pool(std::string url) : url_(std::move(url)) {}
  Status together(const std::function<Status(Link&)>& work) override { return together(work, true); }
  // Unless `repeatable`, what may have been written is not run again, and the error says so.
  Status together(const std::function<Status(Link&)>& work, bool repeatable);
  // Run again after a lost connection only if it reads.
  Result<Answer> run(const std::string& sql, const Values& values = {}) override;
  void once_written(std::function<void()> then) override { then(); }
  Moment server_time(Moment local) const override;
  // How far the server's clock is ahead of this machine's.
  std::chrono::milliseconds clock_offset() const;

 private:
  using Held = std::unique_ptr<Link>;
  Result<Held> take();
  Result<Held> connect();
  void give_back(Held link);
  Status measure_clock(Link& link);
  struct Outcome {
    Status done;
    Failure failure = Failure::none;
    bool doubtful = false;  // lost while it was being committed
  };
  Outcome once(const std::function<Status(Link&)>& work);

  const std::string url_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Held> idle_;
  std::size_t open_ = 0;
  std::chrono::milliseconds offset_{};
  std::chrono::steady_clock::time_point no_attempt_before_{};
  std::chrono::milliseconds pause_{};
  std::string last_failure_;
};

// The part of one transaction: what it does together is a savepoint.
class Within final : public Session {
 public:
  Within(Link& link, const Session& outer) : link_(link), outer_(outer) {}
  Status together(const std::function<Status(Link&)>& work) override;
  Result<Answer> run(const std::string& sql, const Values& values = {}) override { return link_.run(sql, values); }
  void once_written(std::function<void()> then) override { written_.push_back(std::move(then)); }
  Moment server_time(Moment local) const override { return outer_.server_time(local); }
  void committed();

 private:
  Link& link_;
  const Session& outer_;
  std::vector<std::function<void()>> written_;
};

}  // namespace broadsheet::store::postgres
