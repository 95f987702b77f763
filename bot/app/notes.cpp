#include "bot/app/notes.hpp"

#include "bot/delivery/plan.hpp"

namespace broadsheet::app {

Status tell(store::Outbox& outbox, const adapters::Platform& way_out, const model::Target& target,
            const std::string& group, const std::string& text, Moment now) {
  adapters::Part part{model::PartKind::reply, {{doc::Paragraph{{doc::Text{text}}}}}, {}};
  delivery::PostOptions post;
  post.target = target;
  post.group = group;
  post.effective.on_unknown = model::UnknownPolicy::skip;
  post.now = now;
  auto rows = delivery::rows_of(way_out.render({part}, {}), post);
  auto done = outbox.enqueue(model::SlotName(group + "/" + target.str()), rows, now);
  return done ? Status() : Status(done.error());
}

}  // namespace broadsheet::app
