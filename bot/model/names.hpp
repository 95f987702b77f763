// The names that travel between the store, delivery, the schedule, commands and adapters.
#pragma once

#include <string>

#include "bot/base/tagged.hpp"

namespace broadsheet::model {

// Of a platform, as it stands before the colon of a target: "telegram".
using PlatformName = Tagged<struct PlatformNameTag>;
// Of a subscription; stable across restarts and edits. Holds no '/'.
using SubscriptionId = Tagged<struct SubscriptionIdTag>;
// Of a run within its subscription: "2026-01-13", "2026-01-13/late", "2026-01-13/holiday".
using RunName = Tagged<struct RunNameTag>;
// Of something that is written to the outbox at most once: "post/SUBSCRIPTION/RUN". Empty: as often as asked.
using SlotName = Tagged<struct SlotNameTag>;
// What marks a message on the platform, the same in every attempt: 32 lower-case hex digits for rows of the outbox.
using DeliveryKey = Tagged<struct DeliveryKeyTag>;
// Address of a message on its platform: Slack's ts, Matrix's event id, Telegram's message id.
using RemoteId = Tagged<struct RemoteIdTag>;

}  // namespace broadsheet::model
