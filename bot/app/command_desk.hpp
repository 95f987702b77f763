// Runs the events that platforms brought: each once, also after a restart; answers go back the way they came (design:
// architecture 5b). Used on the I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>

#include "adapters/platform.hpp"
#include "bot/app/answer_memo.hpp"
#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/commands/router.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::app {

class CommandDesk {
 public:
  struct Parts {
    store::Store& store;
    async::Offload& workers;
    Clock& clock;
    commands::Router& router;
    std::function<adapters::Platform*(const model::PlatformName&)> platform;
    Zone zone = Zone::utc();
  };
  CommandDesk(const boost::asio::any_io_executor& executor, Parts parts);

  // What was accepted before a restart and not done; then stays until cancelled.
  boost::asio::awaitable<void> run();
  // A new event, already stored.
  void take(const model::CommandEvent& event);
  // adapters::EventSink::at_once.
  boost::asio::awaitable<AnswerMemo::Message> at_once(const model::CommandEvent& event);

 private:
  commands::Context context_of(const adapters::Platform& platform, const model::CommandEvent& event) const;
  boost::asio::awaitable<Result<AnswerMemo::Message>> look_up(adapters::Platform& platform,
                                                              const model::CommandEvent& event);
  // An event on its way to its answer. Each message of the answer is begun once, in all lives of the process together:
  // where nobody knows whether it arrived, a lost answer can be asked for again and a doubled one annoys.
  struct Task {
    model::CommandEvent event;
    std::size_t earlier = 0;  // messages begun in an earlier life
    std::size_t begun = 0;    // messages of the answer up to the one in hand
  };
  boost::asio::awaitable<void> perform(Task task);
  boost::asio::awaitable<void> answer(adapters::Platform& platform, Task& task);
  struct Saying {
    std::vector<adapters::Part> parts;
    model::Visibility visibility = model::Visibility::asker;
    std::string key, digest;
    std::size_t announced = 0;
    model::RemoteId replaces;  // the message whose place it takes
    bool quiet = false;        // nobody is told when it cannot be said
    bool answer = false;       // counted in Task
  };
  struct Progress {
    explicit Progress(const boost::asio::any_io_executor& executor) : news(executor) {}
    async::Event news;  // it is finished, or there is a word to say
    bool finished = false;
    std::optional<commands::Answer> word;
    model::RemoteId message;  // once it stands
    int said = 0;
  };
  // The remote id of the first message, or empty.
  boost::asio::awaitable<model::RemoteId> say(adapters::Platform& platform, Task& task, Saying saying);
  // `task`: of a message that counts, else null.
  boost::asio::awaitable<adapters::SendOutcome> deliver(adapters::Platform& platform, adapters::ReplyRequest request,
                                                        const Task* task);
  boost::asio::awaitable<void> note_begun(const Task& task, std::size_t messages);
  boost::asio::awaitable<void> hint(adapters::Platform& platform, const model::CommandEvent& event,
                                    const adapters::Refused& refused);
  boost::asio::awaitable<void> say_progress(adapters::Platform& platform, Task& task, Progress& progress,
                                            std::vector<adapters::Part> parts);
  boost::asio::awaitable<void> show_progress(adapters::Platform& platform, Task& task, Progress& progress);
  boost::asio::awaitable<commands::Answer> work_out(adapters::Platform& platform, Task& task,
                                                    const commands::Context& context,
                                                    model::RemoteId& progress_message);

  Parts parts_;
  async::TaskGroup tasks_;
  async::Event never_;
  AnswerMemo memo_;
};

}  // namespace broadsheet::app
