// The greeting where the bot was brought in (spec: commands 5): what it does, how to begin; once in a place, also when
// it is taken out and brought in again. Blocking; for the workers.
#pragma once

#include "adapters/platform.hpp"
#include "bot/model/event.hpp"
#include "bot/store/outbox.hpp"

namespace broadsheet::app {

// Nothing for events that are no invitation.
Status greet(store::Outbox& outbox, const adapters::Platform& platform, const model::PlaceEvent& event, Moment now);

}  // namespace broadsheet::app
