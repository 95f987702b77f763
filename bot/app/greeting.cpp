#include "bot/app/greeting.hpp"

#include "bot/commands/answers.hpp"
#include "bot/delivery/plan.hpp"

namespace broadsheet::app {

Status greet(store::Outbox& outbox, const adapters::Platform& platform, const model::PlaceEvent& event, Moment now) {
  if (!event.invited || event.state != model::PlaceState::joined) return {};
  model::ReplyTo there;
  there.target = event.target;
  there.direct = event.direct;
  commands::Context context;
  context.prefix = platform.prefix(there);
  delivery::PostOptions post;
  post.target = event.target;
  post.group = "greeting/" + event.target.str();
  post.effective.on_unknown = model::UnknownPolicy::skip;
  post.now = now;
  auto messages = platform.render({{model::PartKind::notice, commands::start_answer(context), {}}}, {});
  auto done = outbox.enqueue(model::SlotName(post.group), delivery::rows_of(messages, post), now);
  return done ? Status() : Status(done.error());
}

}  // namespace broadsheet::app
