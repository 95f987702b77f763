// Driving the fake from outside: JSON below /_fake/ (say, press, stand, migrate, topic, fault, heal, chat, update;
// timeline, visible, violations, links, callback). Internal to the fake.
#pragma once

#include <string>

#include "tests/fakes/fake_http.hpp"
#include "tests/fakes/fake_telegram.hpp"

namespace broadsheet::fakes {

// `path` without "/_fake/".
Reply administer(FakeTelegram& fake, const std::string& path, std::string_view query, const Seen& seen);

}  // namespace broadsheet::fakes
