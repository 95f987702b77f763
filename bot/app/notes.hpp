// A line to one person, in a conversation with them, through the outbox.
#pragma once

#include "adapters/platform.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::app {

// `group`: what it is about; the same to the same target is told once. Blocking; for the workers.
Status tell(store::Outbox& outbox, const adapters::Platform& way_out, const model::Target& target,
            const std::string& group, const std::string& text, Moment now);

}  // namespace broadsheet::app
